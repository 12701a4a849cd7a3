import { element, setAttribute, svg } from '../page/dom.js';
import type { Panel } from './panel.js';

const Pause = 'M5 3v10M11 3v10';
const Go = 'M5 3l8 5-8 5z';

export function pauseButton(toggle: () => void): Panel {
  const path = svg('path', { d: Pause });
  const icon = svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, path);
  const node = element('button', { type: 'button', class: 'icon pause' });
  node.append(icon);
  node.addEventListener('click', toggle);
  return {
    node,
    render: ({ pausedAt }) => {
      const paused = pausedAt !== null;
      setAttribute(path, 'd', paused ? Go : Pause);
      setAttribute(node, 'aria-label', paused ? 'Resume' : 'Pause');
      setAttribute(node, 'title', `${paused ? 'Resume' : 'Pause'} (space)`);
      setAttribute(node, 'aria-pressed', String(paused));
    },
  };
}
