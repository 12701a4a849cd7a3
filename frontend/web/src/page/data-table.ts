import type { Level } from '../live/protocol.js';
import { showTrend, trendBars } from '../charts/trend.js';
import { element, setAttribute, setText } from './dom.js';
import { markEdges } from './scroll-edges.js';

export interface Column { title: string; numeric?: boolean; name?: string }

export interface RichCell {
  text: string;
  title?: string;
  /** Where the text leads to. */
  href?: string;
  /** A bar behind the text, from 0 to 1. */
  share?: number;
  /** Small bars in place of text; without any the cell is empty. */
  trend?: readonly number[];
  level?: Level;
}

export type TableCell = string | RichCell;

export interface DataTable {
  node: HTMLElement;
  fill: (rows: readonly (readonly TableCell[])[]) => void;
}

/** A table in a box that scrolls. Rows are kept and written over. */
export function dataTable(label: string, columns: readonly Column[]): DataTable {
  const head = element('tr', {}, ...columns.map((column) =>
    element('th', { scope: 'col', ...looks(column) }, column.title)));
  const body = element('tbody');
  body.addEventListener('click', followRow);
  const table = element('table', {}, element('thead', {}, head), body);
  const node = element(
    'div', { class: 'table-box', role: 'region', 'aria-label': label, tabindex: '0' }, table);
  markEdges(node, table);

  const makeRow = (): HTMLTableRowElement =>
    element('tr', {}, ...columns.map((column) => element('td', looks(column))));

  return {
    node,
    fill: (rows) => {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      while (body.rows.length < rows.length) body.append(makeRow());
      for (const [index, cells] of rows.entries()) {
        const row = body.rows[index]!;
        row.classList.toggle('leads', cells.filter(isLink).length === 1);
        for (const [at, cell] of cells.entries()) write(row.cells[at]!, cell);
      }
    },
  };
}

function isLink(cell: TableCell): boolean {
  return typeof cell !== 'string' && cell.href !== undefined;
}

/** A row that leads to one place does so all over; its link is what the keyboard finds. */
function followRow(event: MouseEvent): void {
  const target = event.target as Element;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (target.closest('a') || getSelection()?.toString()) return;
  target.closest('.leads')?.querySelector('a')?.click();
}

function looks(column: Column): Record<string, string> {
  const classes = [column.numeric ? 'numeric' : '', column.name ?? ''].filter(Boolean).join(' ');
  return classes ? { class: classes } : {};
}

function write(cell: HTMLTableCellElement, value: TableCell): void {
  if (typeof value === 'string') {
    setText(cell, value);
    return;
  }
  if (value.title !== undefined) setAttribute(cell, 'title', value.title);
  if (value.level) setAttribute(cell, 'data-level', value.level);
  if (value.trend) {
    if (value.trend.length === 0) cell.replaceChildren();
    else showTrend(cell.firstElementChild ?? cell.appendChild(trendBars()), value.trend);
    return;
  }
  if (value.share !== undefined) {
    cell.classList.add('shared');
    cell.style.setProperty('--share', value.share.toFixed(3));
  }
  if (value.href) {
    if (!cell.firstElementChild) cell.append(element('a', {}));
    setAttribute(cell.firstElementChild!, 'href', value.href);
  }
  setText(cell.firstElementChild ?? cell, value.text);
}
