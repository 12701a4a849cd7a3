import { Chart } from 'chart.js';
import {
  ChoroplethController, ColorScale, GeoFeature, ProjectionScale, type IChoroplethDataPoint,
} from 'chartjs-chart-geo';
import { geoCentroid } from 'd3-geo';
import type { Feature, MultiPolygon } from 'geojson';
import world from 'world';
import { countryName } from '../format/country.js';
import { exact, plural } from '../format/number.js';
import type { Ranking } from '../live/protocol.js';
import { palette } from '../theme/palette.js';
import { pulseLayer } from './pulses.js';
import { mixed } from './shade.js';

Chart.register(ChoroplethController, ProjectionScale, ColorScale, GeoFeature);

export interface WorldMap {
  /** A canvas that lies over the map. */
  pulses: HTMLCanvasElement;
  show: (countries: readonly Ranking[], picked: string | null) => void;
  pulse: (codes: ReadonlySet<string>) => void;
}

/** The ice has no countries, and would take a fifth of the height. */
const Left = new Set(['AQ']);

const codes = Object.keys(world).filter((code) => !Left.has(code));
const features = codes.map((code): Feature<MultiPolygon> => ({
  type: 'Feature',
  id: code,
  properties: {},
  geometry: { type: 'MultiPolygon', coordinates: world[code]! },
}));

/** More of them an eye does not tell apart; each change of one draws its country anew. */
const Shades = 24;

/** What the map is fitted to; the plugin takes shapes of any kind. */
const outline: any = { type: 'FeatureCollection', features };

/** Shades by the root of the count, so that small ones are seen beside large ones. */
export function worldMap(
  canvas: HTMLCanvasElement, look: { pick: (code: string) => void },
): WorldMap {
  let rows = new Map<string, Ranking>();
  let picked: string | null = null;
  let total = 0;
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
        borderWidth: ({ dataIndex }) => (codes[dataIndex] === picked ? 2 : 0.5),
        borderColor: ({ dataIndex }) => (
          codes[dataIndex] === picked ? palette.text : palette.surface),
        hoverBorderColor: () => palette.text,
        hoverBorderWidth: 1.5,
      }],
    },
    options: {
      events: ['mousemove', 'mouseout', 'click', 'touchstart'],
      onClick: (_, [over]) => {
        const code = over && codes[over.index];
        if (code) look.pick(code);
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
          callbacks: {
            title: ([item]) => (item ? nameOf(codes[item.dataIndex] ?? '') : ''),
            label: ({ dataIndex }) => tell(rows.get(codes[dataIndex] ?? ''), total),
          },
        },
      },
    },
  });

  const scaleOf = () => chart.scales.projection as ProjectionScale | undefined;
  const pulses = pulseLayer(canvas, placeOf(scaleOf));
  return {
    pulses: pulses.node,
    pulse: pulses.pulse,
    show: (countries, chosen) => {
      rows = new Map(countries.map((row) => [row.country ?? '', row]));
      picked = chosen;
      total = countries.reduce((sum, { count }) => sum + count, 0);
      const most = Math.max(1, ...countries.map(({ count }) => count));
      for (const [at, code] of codes.entries()) {
        const part = Math.sqrt((rows.get(code)?.count ?? 0) / most);
        data[at]!.value = Math.ceil(part * Shades) / Shades;
      }
      const look = [
        palette.accent, palette.line, picked, chart.width, chart.height,
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

function tell(row: Ranking | undefined, total: number): string[] {
  if (!row) return ['No trades'];
  const part = ((row.count / total) * 100).toFixed(1);
  return [`${plural(row.count, 'trade')}, ${part}%`,
    `${exact(Math.round(row.amountSell))} sold, all currencies added`];
}

/** Where a country's largest part is, in pixels of the chart. */
function placeOf(
  scaleOf: () => ProjectionScale | undefined,
): (code: string) => readonly [number, number] | null {
  const middles = new Map<string, [number, number]>();
  return (code) => {
    let middle = middles.get(code);
    if (!middle) {
      const polygons = world[code];
      if (!polygons) return null;
      const largest = polygons.reduce((most, each) =>
        (each[0]!.length > most[0]!.length ? each : most));
      middle = geoCentroid({ type: 'Polygon', coordinates: largest });
      middles.set(code, middle);
    }
    return scaleOf()?.projection(middle) ?? null;
  };
}
