import {
  BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController,
  LineElement, PointElement, Tooltip,
} from 'chart.js';
import { Flow, SankeyController } from 'chartjs-chart-sankey';
import { palette } from '../theme/palette.js';

/** Registers only what is used and turns off all that moves or guesses. */
export function setUpCharts(): void {
  Chart.register(
    LineController, LineElement, PointElement, BarController, BarElement,
    LinearScale, CategoryScale, Tooltip, Filler, SankeyController, Flow);

  const { defaults } = Chart;
  defaults.animation = false;
  defaults.responsive = true;
  defaults.maintainAspectRatio = false;
  defaults.normalized = true;
  defaults.font.family = getComputedStyle(document.body).fontFamily;
  defaults.font.size = 12;
  defaults.color = () => palette.muted;

  const { tooltip } = defaults.plugins;
  tooltip.backgroundColor = () => palette.surface;
  tooltip.borderColor = () => palette.line;
  tooltip.borderWidth = 1;
  tooltip.titleColor = () => palette.text;
  tooltip.bodyColor = () => palette.text;
  tooltip.footerColor = () => palette.muted;
  tooltip.footerFont = { weight: 'normal' };
  tooltip.titleFont = { weight: 'bold' };
  tooltip.padding = 10;
  tooltip.cornerRadius = 8;
  tooltip.caretSize = 0;
  tooltip.caretPadding = 10;
  tooltip.displayColors = false;
}
