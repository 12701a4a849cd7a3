import { reason } from '../format/reason.js';
import { clockTime, utc } from '../format/time.js';
import type { Reject } from '../live/protocol.js';
import { element, setShown, setText } from '../page/dom.js';

/** The newest of them: the field that is wrong and its value; opened, all that was sent. */
export function rejectSamples() {
  const list = element('ul', { class: 'samples', 'aria-label': 'Newest refused trades' });
  list.hidden = true;
  const show = (rejects: readonly Reject[]): void => {
    if (list.querySelector('[open]')) return; // What is being read stands still.
    setShown(list, rejects.length > 0);
    while (list.children.length > rejects.length) list.lastElementChild!.remove();
    while (list.children.length < rejects.length) {
      list.append(element('li', {}, element('details', {},
        element('summary', {}, element('span'), element('code')), element('code'))));
    }
    for (const [index, reject] of rejects.entries()) {
      const [what, value, whole] =
        list.children[index]!.querySelectorAll<HTMLElement>('span, code');
      const when = Date.parse(reject.at);
      const [field = '', codes = []] = Object.entries(reject.errors)[0] ?? [];
      setText(what!, `${clockTime(when)} ${reason(codes[0] ?? '')}`);
      what!.title = utc(when);
      setText(value!, wrongValue(field, codes[0] ?? '', reject.body));
      setText(whole!, reject.body);
    }
  };
  return { node: list, show };
}

/** `"currencyTo": "QQQ"`, of a text that was cut off, too; the whole where that is not found. */
export function wrongValue(field: string, code: string, body: string): string {
  const name = JSON.stringify(field);
  const at = body.indexOf(name);
  const value = at < 0
    ? null : /^\s*:\s*("(?:[^"\\]|\\.)*"?|[^,}\s]+)/.exec(body.slice(at + name.length))?.[1];
  if (value) return `${name}: ${value}`;
  return field && code === 'required' ? `${name} is not there` : body.replace(/\s+/g, ' ');
}
