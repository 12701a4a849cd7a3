import type { Shown } from '../charts/slots.js';
import { dataTable, type Column, type DataTable } from '../page/data-table.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';

export interface CardOptions {
  name: string;
  title: string;
  subtitle: string;
  /** Said in place of a chart that has nothing to show. */
  nothing: string;
  columns: readonly Column[];
  pick?: (row: number) => void;
  /** The most rows that a chart of bars has. */
  rows?: number;
}

/** The frame of every chart: title, tools, and the chart or its table. */
export class ChartCard {
  readonly node: HTMLElement;
  readonly canvas = element('canvas');
  readonly tools = element('div', { class: 'card-tools' });
  readonly table: DataTable;
  readonly #subtitle: HTMLElement;
  readonly #picture = element('div', { class: 'picture', role: 'img' }, this.canvas);
  readonly #nothing: HTMLElement;
  readonly #rows: number | undefined;
  #mode: 'chart' | 'table' = 'chart';

  constructor(options: CardOptions, onToggle: () => void) {
    const titleId = `title-${options.name}`;
    this.table = dataTable(`${options.title}, as a table`, options.columns, options.pick);
    this.table.node.hidden = true;
    this.#subtitle = element('p', { class: 'card-subtitle' }, options.subtitle);
    this.#nothing = element('p', { class: 'nothing' }, options.nothing);
    this.#nothing.hidden = true;
    this.#rows = options.rows;
    this.#picture.setAttribute('aria-label', options.title);
    this.tools.append(this.#toggle(titleId, onToggle));
    this.node = element(
      'section',
      {
        class: options.rows ? 'card bars' : 'card',
        'data-chart': options.name,
        'aria-labelledby': titleId,
      },
      element('div', { class: 'card-head' },
        element('div', { class: 'card-titles' },
          element('h2', { id: titleId }, options.title), this.#subtitle),
        this.tools),
      element('div', { class: 'plot' }, this.#picture, this.table.node, this.#nothing));
  }

  get mode(): 'chart' | 'table' { return this.#mode; }

  subtitle(text: string): void { setText(this.#subtitle, text); }

  /** Marks what is shown, for the reader who cannot see it and for scripts. */
  report(shown: Shown, summary: string): void {
    setAttribute(this.node, 'data-points', String(shown.points));
    setAttribute(this.node, 'data-total', String(shown.total));
    setAttribute(this.#picture, 'aria-label', summary);
    if (this.#rows) {
      this.node.style.setProperty('--rows', String(Math.min(shown.points, this.#rows)));
    }
    const empty = shown.points === 0;
    setShown(this.#nothing, empty);
    setShown(this.#picture, !empty && this.#mode === 'chart');
    setShown(this.table.node, !empty && this.#mode === 'table');
  }

  #toggle(titleId: string, onToggle: () => void): HTMLElement {
    const id = `${titleId}-table`;
    const button = element(
      'button',
      {
        type: 'button', class: 'toggle', 'aria-pressed': 'false', id,
        'aria-labelledby': `${id} ${titleId}`, title: 'Show as a table',
      },
      'Table');
    button.addEventListener('click', () => {
      this.#mode = this.#mode === 'chart' ? 'table' : 'chart';
      setAttribute(button, 'aria-pressed', String(this.#mode === 'table'));
      onToggle();
    });
    return button;
  }
}
