import { element, setShown, setText } from '../page/dom.js';
import type { Panel } from './panel.js';

const firstTrade = '{"userId":"134256","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1000,'
  + '"amountBuy":747.10,"rate":0.7471,"timePlaced":"24-JAN-15 10:27:44",'
  + '"originatingCountry":"FR"}';

/** Shown until the first trade: how to send it. */
export function firstTradePanel(): Panel {
  const command = `curl -X POST ${location.origin}/trades -H 'Content-Type: application/json'`
    + ` -d '${firstTrade}'`;
  const code = element('code', {}, command);
  const line = element(
    'pre', { tabindex: '0', role: 'region', 'aria-label': 'Command that posts one trade' }, code);
  const button = element('button', { type: 'button', class: 'primary' }, 'Copy');
  button.addEventListener('click', () => void copy(command, code).then((copied) => {
    setText(button, copied ? 'Copied' : 'Press Ctrl+C');
    setTimeout(() => setText(button, 'Copy'), 3000);
  }));

  const node = element(
    'section', { class: 'card first-trade', 'aria-labelledby': 'title-first' },
    element('div', {},
      element('h2', { id: 'title-first' }, 'No trade yet'),
      element('p', {}, 'The system is running and waits for its first trade. '
        + 'Post one from a terminal; it shows up here within a second.')),
    element('div', { class: 'command' }, line, button));
  node.hidden = true;

  return {
    node,
    render: ({ feed }) => {
      if (!feed) return;
      const empty = feed.summary.aggregated === 0 && feed.trades.length === 0;
      setShown(node, empty);
      document.body.toggleAttribute('data-empty', empty);
    },
  };
}

/** Without the clipboard (a page not on https or localhost) the text is selected instead. */
async function copy(text: string, shownIn: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shownIn);
    return false;
  }
}
