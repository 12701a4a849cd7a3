import type { ViewName } from '../app/route.js';
import { element } from '../page/dom.js';
import { countriesPanel } from '../panels/countries.js';
import { figuresPanel } from '../panels/figures.js';
import { findingsPanel } from '../panels/findings.js';
import { firstTradePanel } from '../panels/first-trade.js';
import { flowsPanel } from '../panels/flows.js';
import { deadPanel, processesPanel, shardsPanel } from '../panels/health-tables.js';
import { mapPanel } from '../panels/map.js';
import { pairsPanel } from '../panels/pairs.js';
import type { Actions, Panel, View } from '../panels/panel.js';
import { pricePanel } from '../panels/price.js';
import { rejectsPanel } from '../panels/rejects.js';
import { subjectPanel } from '../panels/subject.js';
import { throughputPanel } from '../panels/throughput.js';
import { tradesPanel } from '../panels/trades.js';

/** The panels above the grid of cards, and those in it; each with its width in sixths. */
interface Plan { above: Panel[]; cards: readonly (readonly [Panel, number])[] }

const plans: Record<ViewName, (actions: Actions) => Plan> = {
  overview: (actions) => ({
    above: [figuresPanel(), firstTradePanel()],
    cards: [
      [throughputPanel(actions), 4], [rejectsPanel(actions), 2],
      [mapPanel(actions), 3], [flowsPanel(actions), 3],
      [pairsPanel(actions), 2], [countriesPanel(actions), 2], [tradesPanel(), 2],
    ],
  }),
  pair: (actions) => ({
    above: [subjectPanel('pair', actions)],
    cards: [
      [pricePanel(actions), 4], [countriesPanel(actions), 2],
      [throughputPanel(actions), 3], [tradesPanel(), 3],
    ],
  }),
  country: (actions) => ({
    above: [subjectPanel('country', actions)],
    cards: [
      [throughputPanel(actions), 4], [flowsPanel(actions), 2],
      [pairsPanel(actions), 3], [tradesPanel(), 3],
    ],
  }),
  health: () => ({
    above: [figuresPanel()],
    cards: [
      [findingsPanel(), 3], [shardsPanel(), 3], [processesPanel(), 6], [deadPanel(), 6],
    ],
  }),
};

interface Made { node: HTMLElement; above: readonly Panel[]; cards: readonly Panel[] }

/** Makes each view when it is first shown, keeps it, and draws the one that is shown. */
export class Views {
  readonly #made = new Map<ViewName, Made>();

  constructor(private readonly into: HTMLElement, private readonly actions: Actions) {}

  renderAbove(view: View): void {
    for (const panel of this.#shown(view).above) panel.render(view);
  }

  /** One card a step. */
  *renderCards(view: View): Generator {
    for (const panel of this.#shown(view).cards) yield panel.render(view);
  }

  /** All cards are drawn. */
  settle(view: View): void {
    for (const panel of this.#shown(view).cards) panel.settled?.();
  }

  #shown(view: View): Made {
    const { view: name } = view.route;
    const shown = this.#made.get(name) ?? this.#make(name);
    // The others leave the document: charts that nobody sees cost nothing, and names stay unique.
    if (!shown.node.isConnected) this.into.replaceChildren(shown.node);
    return shown;
  }

  #make(name: ViewName): Made {
    const { above, cards } = plans[name](this.actions);
    const grid = element('div', { class: 'cards' });
    for (const [{ node }, sixths] of cards) {
      node.classList.add(`sixths-${sixths}`);
      grid.append(node);
    }
    const node = element('div', { class: 'view', 'data-view': name },
      ...above.map((panel) => panel.node), grid);
    const made = { node, above, cards: cards.map(([panel]) => panel) };
    this.#made.set(name, made);
    return made;
  }
}
