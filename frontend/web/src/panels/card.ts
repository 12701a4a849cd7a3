import { save } from '../app/download.js';
import { layoutOf, rememberLayout } from '../app/layout.js';
import { picture } from '../charts/picture.js';
import type { Shown } from '../charts/slots.js';
import { zoned } from '../format/time.js';
import { dataTable, type Column, type DataTable } from '../page/data-table.js';
import { element, setAttribute, setShown } from '../page/dom.js';
import { frame, type Frame } from './frame.js';
import { legend, type Key } from './legend.js';
import { fileName, saveCsv, type Records } from './records.js';

export interface CardOptions {
  name: string;
  title: string;
  subtitle: string;
  /** Said in place of a chart that has nothing to show. */
  nothing: string;
  columns: readonly Column[];
}

/** A second of them. */
const MostFrames = 60;

const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);

/** The frame of every chart: title, tools, and the chart or its table. */
export class ChartCard {
  readonly node: HTMLElement;
  readonly canvas = element('canvas');
  readonly tools: HTMLElement;
  readonly table: DataTable;
  readonly #frame: Frame;
  readonly #picture = element('div', { class: 'picture', role: 'img' }, this.canvas);
  readonly #nothing: HTMLElement;
  readonly #redraw: () => void;
  readonly #name: string;
  readonly #legend = legend();
  #title: string;
  #subtitle: string;
  #keys: readonly Key[] = [];
  #note = '';
  #mode: 'chart' | 'table';
  #reported: 'chart' | 'table' | null = null;
  #records: Records | null = null;
  #size = '';
  #sizes = 0;

  constructor(options: CardOptions, redraw: () => void) {
    const { name, title } = options;
    this.#name = name;
    this.#title = title;
    this.#subtitle = options.subtitle;
    this.#redraw = redraw;
    this.#mode = layoutOf(name).table ? 'table' : 'chart';
    this.#frame = frame(name, title, options.subtitle, [
      { words: 'Save as CSV', act: () => this.#saveCsv() },
      { words: 'Save as PNG', act: () => void this.#savePng() },
    ], { 'data-chart': name });
    this.node = this.#frame.node;
    this.tools = this.#frame.tools;
    this.table = dataTable(`${title}, as a table`, options.columns);
    this.table.node.hidden = true;
    this.#nothing = element('p', { class: 'nothing' }, options.nothing);
    this.#nothing.hidden = true;
    this.#picture.setAttribute('aria-label', title);
    this.tools.prepend(this.#toggle());
    this.#frame.body.append(this.#picture, this.table.node, this.#nothing);
    this.#legend.node.hidden = true;
    this.node.append(this.#legend.node);
    new ResizeObserver(() => this.#measure()).observe(this.#picture);
  }

  get mode(): 'chart' | 'table' { return this.#mode; }

  /** Another number each time that the chart has got another size, and has to be drawn for it. */
  get sizes(): number { return this.#sizes; }

  /** What a file of it holds. */
  set records(records: Records) { this.#records = records; }

  /** What lies over the chart. */
  over(node: Element): void { this.#picture.append(node); }

  title(text: string): void {
    this.#title = text;
    this.#frame.title(text);
  }

  /** `hint`: what can be done here; no part of a picture. */
  subtitle(text: string, hint = ''): void {
    this.#subtitle = text;
    this.#frame.subtitle(hint ? `${text}. ${hint}` : text);
  }

  /** What the colours of the chart are; said before `report`. */
  legend(keys: readonly Key[], note = ''): void {
    this.#keys = keys;
    this.#note = note;
    this.#legend.show(keys, note);
  }

  /** Marks what is shown, for the reader who cannot see it and for scripts. */
  report(shown: Shown, summary: string): void {
    this.#reported = this.#mode;
    setAttribute(this.node, 'data-points', String(shown.points));
    setAttribute(this.node, 'data-total', String(shown.total));
    setAttribute(this.#picture, 'aria-label', summary);
    const empty = shown.points === 0;
    setShown(this.#nothing, empty);
    setShown(this.#picture, !empty && this.#mode === 'chart');
    setShown(this.table.node, !empty && this.#mode === 'table');
    setShown(this.#legend.node, !empty && this.#mode === 'chart' && this.#keys.length > 0);
  }

  // The first size is the one that the chart is made in; a hidden one has none. Cards change theirs
  // while the page fills, so nobody is in a hurry: the next drawing is within a second.
  #measure(): void {
    const { clientWidth, clientHeight } = this.#picture;
    const size = `${clientWidth} ${clientHeight}`;
    if (clientWidth === 0 || size === this.#size) return;
    if (this.#size !== '') this.#sizes++;
    this.#size = size;
  }

  #saveCsv(): void {
    if (this.#records) saveCsv(this.#name, this.#records);
  }

  async #savePng(): Promise<void> {
    const wasTable = this.#mode === 'table';
    if (wasTable) await this.#showPicture();
    if (!this.#records) return;
    const { feed } = this.#records;
    const image = await picture(
      {
        title: this.#title,
        subtitle: [this.#subtitle, this.#note].filter(Boolean).join('. '),
        time: zoned(feed.at),
        keys: this.#keys,
      },
      [...this.#picture.querySelectorAll('canvas')]);
    if (image) save(fileName(this.#name, feed, 'png'), image);
    if (wasTable) this.#setMode('table');
  }

  // A chart that was hidden, or not even made, has its size some frames later, and then its drawing.
  async #showPicture(): Promise<void> {
    this.#setMode('chart');
    for (let frames = 0; frames < MostFrames && this.#nothing.hidden; frames++) {
      await nextFrame();
      if (this.#reported === 'chart' && this.canvas.width > 0) break;
    }
    await nextFrame();
  }

  #setMode(mode: 'chart' | 'table'): void {
    this.#mode = mode;
    rememberLayout(this.#name, { table: mode === 'table' });
    const button = this.tools.querySelector('.toggle');
    if (button) setAttribute(button, 'aria-pressed', String(mode === 'table'));
    this.#redraw();
  }

  #toggle(): HTMLElement {
    const titleId = `title-${this.#name}`;
    const id = `${titleId}-table`;
    const button = element(
      'button',
      {
        type: 'button', class: 'toggle', 'aria-pressed': String(this.#mode === 'table'), id,
        'aria-labelledby': `${id} ${titleId}`, title: 'Show as a table',
      },
      'Table');
    button.addEventListener('click', () =>
      this.#setMode(this.#mode === 'chart' ? 'table' : 'chart'));
    return button;
  }
}
