import { reason } from '../format/reason.js';
import { clockTime, utc } from '../format/time.js';
import type { Reject } from '../live/protocol.js';
import { element, setShown, setText } from '../page/dom.js';

const Samples = 3;

/** The newest of them: the field that is wrong and its value; opened, all that was sent. */
export function rejectSamples() {
  const list = element('ul', { class: 'samples', 'aria-label': 'Newest refused trades' });
  list.hidden = true;
  const show = (rejects: readonly Reject[]): void => {
    // What is being read stands still, unless there is nothing any more: another store.
    if (rejects.length > 0 && list.querySelector('[open]')) return;
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
  const close = (): void => {
    for (const each of list.querySelectorAll('details')) each.open = false;
  };
  return { node: list, show, close };
}

/** Of the reason that was picked the newest; else one of each reason first. */
export function samplesOf(recent: readonly Reject[], picked: string | null): readonly Reject[] {
  const codesOf = ({ errors }: Reject): string[] => Object.values(errors).flat();
  if (picked !== null) {
    const those = recent.filter((reject) => codesOf(reject).includes(picked));
    if (those.length > 0) return those.slice(0, Samples);
  }
  const seen = new Set<string>();
  const firsts = recent.filter((reject) => {
    const isNew = codesOf(reject).some((code) => !seen.has(code));
    for (const code of codesOf(reject)) seen.add(code);
    return isNew;
  });
  const chosen = new Set([...new Set([...firsts, ...recent])].slice(0, Samples));
  return recent.filter((reject) => chosen.has(reject));
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
