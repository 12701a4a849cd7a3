import { hrefOf, parseRoute, type Filter, type Route } from './route.js';

const Home: Route = {
  view: 'overview',
  filter: { pair: null, country: null, user: null, range: '15m', versus: null },
};

/** The address of the page: read at the start, written by what the reader does. */
export class Router {
  #route: Route;
  #isKnown: boolean;

  constructor(private readonly changed: (route: Route) => void) {
    const read = this.#read();
    this.#route = read ?? Home;
    this.#isKnown = read !== null;
    addEventListener('popstate', () => this.#apply(this.#read()));
    document.addEventListener('click', (event) => this.#follow(event));
  }

  get route(): Route { return this.#route; }

  /** False where the address was not understood; the overview is shown in its place. */
  get isKnown(): boolean { return this.#isKnown; }

  go(route: Route): void {
    const href = hrefOf(route);
    if (href !== location.pathname + location.search) history.pushState(null, '', href);
    this.#apply(route);
  }

  filter(change: Partial<Filter>): void {
    this.go({ ...this.#route, filter: { ...this.#route.filter, ...change } });
  }

  #read(): Route | null {
    try {
      return parseRoute(location.pathname, location.search);
    } catch {
      return null; // A percent sign that stands for nothing.
    }
  }

  #apply(route: Route | null): void {
    const moved = route?.view !== this.#route.view;
    this.#route = route ?? Home;
    this.#isKnown = route !== null;
    this.changed(this.#route);
    if (moved) scrollTo(0, 0);
  }

  // A link within the page changes the view; with a key held it opens a tab, as ever.
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    if (!link || link.origin !== location.origin || link.download) return;
    const route = parseRoute(link.pathname, link.search);
    if (!route) return;
    event.preventDefault();
    this.go(route);
  }
}
