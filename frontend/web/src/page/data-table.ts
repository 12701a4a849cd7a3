import { element, setAttribute, setText } from './dom.js';

export interface Column { title: string; numeric?: boolean; name?: string }

export type TableCell = string | { text: string; title: string };

export interface DataTable {
  node: HTMLElement;
  fill: (rows: readonly (readonly TableCell[])[]) => void;
}

/**
 * A table in a box that scrolls. Rows are kept and written over. With `pick`, the first column
 * holds buttons.
 */
export function dataTable(
  label: string, columns: readonly Column[], pick?: (row: number) => void,
): DataTable {
  const head = element('tr', {}, ...columns.map((column) =>
    element('th', { scope: 'col', ...looks(column) }, column.title)));
  const body = element('tbody');
  const table = element('table', {}, element('thead', {}, head), body);
  const node = element(
    'div', { class: 'table-box', role: 'region', 'aria-label': label, tabindex: '0' }, table);

  const makeRow = (index: number): HTMLTableRowElement =>
    element('tr', {}, ...columns.map((column, at) => {
      const cell = element('td', looks(column));
      if (pick && at === 0) {
        const button = element('button', { type: 'button', class: 'pick' });
        button.addEventListener('click', () => pick(index));
        cell.append(button);
      }
      return cell;
    }));

  return {
    node,
    fill: (rows) => {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      while (body.rows.length < rows.length) body.append(makeRow(body.rows.length));
      for (const [index, cells] of rows.entries()) {
        for (const [at, cell] of cells.entries()) write(body.rows[index]!.cells[at]!, cell);
      }
    },
  };
}

function looks(column: Column): Record<string, string> {
  const classes = [column.numeric ? 'numeric' : '', column.name ?? ''].filter(Boolean).join(' ');
  return classes ? { class: classes } : {};
}

function write(cell: HTMLTableCellElement, value: TableCell): void {
  const text = typeof value === 'string' ? value : value.text;
  setText(cell.firstElementChild ?? cell, text);
  if (typeof value !== 'string') setAttribute(cell, 'title', value.title);
}
