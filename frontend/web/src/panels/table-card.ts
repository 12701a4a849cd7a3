import { dataTable, type Column, type TableCell } from '../page/data-table.js';
import { element, setAttribute, setShown } from '../page/dom.js';
import { frame } from './frame.js';
import { saveCsv, type Records } from './records.js';

export interface TableCardOptions {
  name: string;
  title: string;
  subtitle: string;
  nothing: string;
  columns: readonly Column[];
  /** How scripts find it: `data-chart` for rankings, `data-panel` for the rest. */
  attributes: Record<string, string>;
}

export interface TableCard {
  node: HTMLElement;
  tools: HTMLElement;
  subtitle: (text: string) => void;
  title: (text: string) => void;
  fill: (rows: readonly (readonly TableCell[])[], total?: number) => void;
  /** What a file of it holds. */
  records: (records: Records) => void;
}

/** A card whose content is a table. */
export function tableCard(options: TableCardOptions): TableCard {
  const { name, title } = options;
  const table = dataTable(`${title}, the table`, options.columns);
  let records: Records | null = null;
  const nothing = element('p', { class: 'nothing' }, options.nothing);
  nothing.hidden = true;
  const framed = frame(name, title, options.subtitle, [{
    words: 'Save as CSV',
    act: () => { if (records) saveCsv(name, records); },
  }], options.attributes);
  framed.body.append(table.node, nothing);
  return {
    ...framed,
    records: (next) => { records = next; },
    fill: (rows, total) => {
      table.fill(rows);
      setAttribute(framed.node, 'data-points', String(rows.length));
      if (total !== undefined) setAttribute(framed.node, 'data-total', String(total));
      setShown(table.node, rows.length > 0);
      setShown(nothing, rows.length === 0);
    },
  };
}
