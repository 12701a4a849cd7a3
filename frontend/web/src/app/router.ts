import { hrefOf, ignoredOf, parseRoute, type Filter, type Route } from './route.js';

const Home: Route = {
  view: 'overview',
  filter: { pair: null, country: null, user: null, range: '15m', versus: null },
};

/** The address of the page: read at the start, written by what the reader does. */
export class Router {
  #route: Route;
  #isKnown = true;
  #ignored: readonly string[] = [];

  constructor(private readonly changed: (route: Route) => void) {
    this.#route = this.#read();
    addEventListener('popstate', () => this.#apply(this.#read()));
    document.addEventListener('click', (event) => this.#follow(event));
  }

  get route(): Route { return this.#route; }

  /** False where there is nothing at the address. */
  get isKnown(): boolean { return this.#isKnown; }

  /** What the address that was opened asked for and could not be understood. */
  get ignored(): readonly string[] { return this.#ignored; }

  go(route: Route): void {
    const href = hrefOf(route);
    if (href !== location.pathname + location.search) history.pushState(null, '', href);
    [this.#isKnown, this.#ignored] = [true, []];
    this.#apply(route);
  }

  filter(change: Partial<Filter>): void {
    this.go({ ...this.#route, filter: { ...this.#route.filter, ...change } });
  }

  #read(): Route {
    const { pathname, search } = location;
    const route = parsed(pathname, search);
    this.#isKnown = route !== null;
    this.#ignored = route ? ignoredOf(search, route) : [];
    // The address claims nothing that is not shown.
    if (route && hrefOf(route) !== pathname + search) history.replaceState(null, '', hrefOf(route));
    return route ?? Home;
  }

  #apply(route: Route): void {
    const moved = route.view !== this.#route.view;
    this.#route = route;
    this.changed(route);
    if (moved) scrollTo(0, 0);
  }

  // A link within the page changes the view; with a key held it opens a tab, as ever.
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    if (!link || link.origin !== location.origin || link.download) return;
    const route = parsed(link.pathname, link.search);
    if (!route) return;
    event.preventDefault();
    this.go(route);
  }
}

function parsed(path: string, search: string): Route | null {
  try {
    return parseRoute(path, search);
  } catch {
    return null; // A percent sign that stands for nothing.
  }
}
