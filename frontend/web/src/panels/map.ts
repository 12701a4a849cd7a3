import { countryRoute, hrefOf } from '../app/route.js';
import { countryName } from '../format/country.js';
import { compact, exact, plural, share } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import type { Trade } from '../live/protocol.js';
import type { WorldMap } from '../map/world-map.js';
import { element, setAttribute, setText } from '../page/dom.js';
import { ChartCard } from './card.js';
import { countryRows } from './countries.js';
import { changes, filterWords, type Actions, type Panel } from './panel.js';

const RetryMs = 3000;

/** Where trades come from. The map itself is fetched once all else is drawn. */
export function mapPanel({ redraw, filter, sold }: Actions): Panel {
  const card = new ChartCard({
    name: 'map',
    title: 'Where trades come from',
    subtitle: '',
    nothing: 'No trades in this time.',
    columns: [
      { title: 'Code' }, { title: 'Country' },
      { title: 'Trades', numeric: true }, { title: 'Share', numeric: true },
    ],
  }, redraw);
  const legend = element('div', { class: 'map-legend', role: 'img' },
    element('span'), element('i'), element('span'), element('i'), element('span'));
  legend.hidden = true;
  card.node.append(legend);
  const changed = changes();
  let map: WorldMap | null = null;
  let picked: string | null = null;
  let newest: Trade | undefined;

  const load = async (): Promise<void> => {
    const { worldMap } = await import('../map/world-map.js');
    map = worldMap(card.canvas, {
      pick: (code) => filter({ country: code === picked ? null : code }),
      sold,
    });
    for (const layer of map.layers) card.over(layer);
    redraw();
  };
  let loading: Promise<void> | null = null;
  // The server may be gone just then.
  const fetchAgain = (): void => { setTimeout(() => { loading = null; }, RetryMs); };

  return {
    node: card.node,
    settled: () => { loading ??= load().catch(fetchAgain); },
    render: ({ feed, theme, pausedAt, route }) => {
      if (!feed) return;
      picked = feed.request.country ?? null;
      if (map && pausedAt === null && card.mode === 'chart') pulse(feed);
      if (!changed(
        feed.countries, feed.request, card.mode, card.sizes, theme, map, route)) return;
      const total = feed.countries.reduce((sum, { count }) => sum + count, 0);
      const tabulate = (): void => card.table.fill(feed.countries.map(({ country = '', count }) => [
        country === 'other'
          ? country : { text: country, href: hrefOf(countryRoute(route, country)) },
        countryName(country),
        { text: exact(count), share: count / (feed.countries[0]?.count ?? 1) },
        share(count / total),
      ]));
      card.records = { feed, rows: () => countryRows(feed) };
      const words = filterWords(feed, countryName);
      card.subtitle(
        words ? `Trades in ${feed.range.words}, ${words}` : `Trades in ${feed.range.words}`,
        words ? '' : 'Pick a country to see only its trades');
      const most = feed.countries[0];
      const scale = `Colours from 1 to ${plural(most?.count ?? 1, 'trade')}, by the square root`;
      card.legend([], scale); // for a picture; on the page it has a node of its own
      card.report({ points: feed.countries.length, total },
        `Trades by country in ${feed.range.words}: ${plural(total, 'trade')}`
        + (most ? `, most from ${countryName(most.country ?? '')}, ${exact(most.count)}.` : '.'));
      const [low, , middle, , high] = legend.children;
      setText(low!, '1');
      // Half of the root is a quarter.
      setText(middle!, most ? compact(Math.max(1, Math.round(most.count / 4))) : '');
      setText(high!, most ? compact(most.count) : '');
      setAttribute(legend, 'aria-label', scale);
      setAttribute(legend, 'title', scale);
      legend.hidden = total === 0 || card.mode === 'table';
      if (card.mode === 'table') tabulate();
      else map?.show(feed.countries, feed.request);
    },
  };

  // Trades since the last look; the first picture is no news.
  function pulse(feed: Feed): void {
    const [first] = feed.trades;
    if (first === newest) return;
    const end = newest ? feed.trades.indexOf(newest) : 0;
    const news = feed.trades.slice(0, end < 0 ? feed.trades.length : end);
    map!.pulse(new Set(news.map((trade) => trade.originatingCountry)));
    newest = first;
  }
}
