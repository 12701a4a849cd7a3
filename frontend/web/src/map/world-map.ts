import {
  Chart, Interaction, type ChartEvent, type Element, type InteractionItem,
} from 'chart.js';
import {
  ChoroplethController, ColorScale, GeoFeature, ProjectionScale, type IChoroplethDataPoint,
} from 'chartjs-chart-geo';
import { geoCentroid } from 'd3-geo';
import type { Feature, MultiPolygon } from 'geojson';
import world from 'world';
import { countryName } from '../format/country.js';
import { plural, share } from '../format/number.js';
import type { Ranking, Sold, WatchRequest } from '../live/protocol.js';
import { palette } from '../theme/palette.js';
import { countryAt, type Place } from './hit.js';
import { pulseLayer } from './pulses.js';
import { mixed } from './shade.js';
import { soldWords } from './sold.js';
import { mapTip } from './tip.js';

Chart.register(ChoroplethController, ProjectionScale, ColorScale, GeoFeature);

declare module 'chart.js' {
  interface InteractionModeMap { country: typeof atPointer }
}

Interaction.modes.country = atPointer;

export interface WorldMap {
  /** What lies over the map, in this order. */
  layers: readonly HTMLElement[];
  show: (countries: readonly Ranking[], filter: WatchRequest) => void;
  pulse: (codes: ReadonlySet<string>) => void;
}

interface Hands {
  pick: (code: string) => void;
  sold: (request: WatchRequest) => Promise<Sold | null>;
}

/** The ice has no countries, and would take a fifth of the height. */
const Left = new Set(['AQ']);

const { shapes, dots } = world;

/** Dots come last: they lie on the land. */
const codes = Object.keys(shapes)
  .filter((code) => !Left.has(code))
  .sort((a, b) => Number(a in dots) - Number(b in dots));
const features = codes.map((code): Feature<MultiPolygon> => ({
  type: 'Feature',
  id: code,
  properties: {},
  geometry: { type: 'MultiPolygon', coordinates: shapes[code]! },
}));

/** More of them an eye does not tell apart; each change of one draws its country anew. */
const Shades = 24;

/** What the map is fitted to; the plugin takes shapes of any kind. */
const outline: any = { type: 'FeatureCollection', features };

/** Shades by the root of the count, so that small ones are seen beside large ones. */
export function worldMap(
  canvas: HTMLCanvasElement, { pick, sold }: Hands,
): WorldMap {
  let rows = new Map<string, Ranking>();
  let filter: WatchRequest = {};
  let total = 0;
  const tip = mapTip(canvas);
  const amounts = soldWords(sold, () => chart.update('none'));
  let drawn = '';
  const data: IChoroplethDataPoint[] = features.map((feature) => ({ feature, value: 0 }));
  const chart = new Chart(canvas, {
    type: 'choropleth',
    data: {
      labels: codes,
      datasets: [{
        label: '',
        data,
        outline,
        borderWidth: ({ dataIndex }) => (codes[dataIndex] === filter.country ? 2 : 0.5),
        borderColor: ({ dataIndex }) => (
          codes[dataIndex] === filter.country ? palette.text : palette.surface),
        hoverBorderColor: () => palette.text,
        hoverBorderWidth: 1.5,
      }],
    },
    options: {
      interaction: { mode: 'country' },
      events: ['mousemove', 'mouseout', 'click', 'touchstart'],
      onClick: (_, [over]) => {
        const code = over && codes[over.index];
        if (!code) return;
        // It told what was picked; now the whole page does.
        tip.hide();
        pick(code);
      },
      onHover: (_, [over]) => {
        canvas.style.cursor = over && codes[over.index] ? 'pointer' : '';
      },
      scales: {
        projection: { axis: 'x', projection: 'naturalEarth1', padding: 2 },
        color: {
          axis: 'x', display: false, min: 0, max: 1, interpolate: shade, missing: palette.line,
        },
      },
      plugins: {
        tooltip: {
          enabled: false,
          external: tip.show,
          callbacks: {
            title: ([item]) => (item ? nameOf(codes[item.dataIndex] ?? '') : ''),
            label: ({ dataIndex }) => {
              const code = codes[dataIndex] ?? '';
              const row = rows.get(code);
              return row
                ? [count(row, total, filter), amounts({ ...filter, country: code })]
                : ['No trades'];
            },
          },
        },
      },
    },
  });

  const scaleOf = () => chart.scales.projection as ProjectionScale | undefined;
  const pulses = pulseLayer(canvas, placeOf(scaleOf));
  return {
    layers: [pulses.node, tip.node],
    pulse: pulses.pulse,
    show: (countries, chosen) => {
      rows = new Map(countries.map((row) => [row.country ?? '', row]));
      filter = chosen;
      total = countries.reduce((sum, { count }) => sum + count, 0);
      const most = Math.max(1, ...countries.map(({ count }) => count));
      for (const [at, code] of codes.entries()) {
        const part = Math.sqrt((rows.get(code)?.count ?? 0) / most);
        data[at]!.value = Math.ceil(part * Shades) / Shades;
      }
      const look = [
        palette.accent, palette.line, filter.country, chart.width, chart.height,
        ...data.map(({ value }) => value),
      ].join();
      if (look === drawn) return;
      drawn = look;
      chart.update('none');
    },
  };
}

/** From the quiet of a country without trades to the accent. */
function shade(value: number): string {
  return value <= 0 ? palette.line : mixed(palette.line, palette.accent, 0.2 + 0.8 * value);
}

function nameOf(code: string): string {
  return code ? `${countryName(code)} (${code})` : 'No ISO 3166-1 code';
}

function count(row: Ranking, total: number, { country }: WatchRequest): string {
  return plural(row.count, 'trade') + (country ? '' : `, ${share(row.count / total)}`);
}

function atPointer(chart: Chart, { x, y }: ChartEvent): InteractionItem[] {
  const scale = chart.scales.projection as ProjectionScale | undefined;
  if (x === null || y === null || !scale) return [];
  const elements = chart.getDatasetMeta(0).data as unknown as GeoFeature[];
  const places = codes.map((code) => (dots[code] ? scale.projection(dots[code]) : null));
  const index = countryAt([x, y], places, scale.projection.scale(),
    (each) => elements[each]?.inRange(x, y) ?? false);
  const element = elements[index] as unknown as Element | undefined;
  return element ? [{ element, datasetIndex: 0, index }] : [];
}

/** Where a country's dot or largest part is, in pixels of the chart. */
function placeOf(
  scaleOf: () => ProjectionScale | undefined,
): (code: string) => Place | null {
  const middles = new Map(Object.entries(dots));
  return (code) => {
    let middle = middles.get(code);
    if (!middle) {
      const polygons = shapes[code];
      if (!polygons) return null;
      const largest = polygons.reduce((most, each) =>
        (each[0]!.length > most[0]!.length ? each : most));
      middle = geoCentroid({ type: 'Polygon', coordinates: largest });
      middles.set(code, middle);
    }
    return scaleOf()?.projection(middle) ?? null;
  };
}
