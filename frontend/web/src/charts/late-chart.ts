import { Chart, type ChartConfiguration, type ChartType, type DefaultDataPoint } from 'chart.js';

/** Pixels, where nothing is known yet. */
const UsualWidth = 600;

/**
 * A chart that is made when it is first drawn. One that is made empty is laid out and drawn twice
 * before it shows anything, while the page should listen to the server.
 */
export class LateChart<Type extends ChartType, Data = DefaultDataPoint<Type>, Label = unknown> {
  #chart: Chart<Type, Data, Label> | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly config: ChartConfiguration<Type, Data, Label> & { options: object },
  ) {}

  get data() { return this.config.data; }

  get options() { return this.config.options; }

  /** Pixels between its axes from left to right; before it is first drawn, of its place. */
  get plotWidth(): number {
    return this.#chart?.chartArea?.width || this.canvas.parentElement?.clientWidth || UsualWidth;
  }

  /** As `plotWidth`, from the top down. */
  get plotHeight(): number {
    return this.#chart?.chartArea?.height || this.height;
  }

  /** Pixels of its place from the top down. */
  get height(): number { return this.canvas.parentElement?.clientHeight ?? 0; }

  /** Draws what `data` and `options` say now. */
  draw(): void {
    if (this.#chart) this.#chart.update('none');
    else this.#chart = new Chart(this.canvas, this.config);
  }
}
