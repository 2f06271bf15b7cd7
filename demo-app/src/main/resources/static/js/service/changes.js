// The changes that this service was notified of.

import { byId, element, timeOf } from '../dom.js';
import { REASONS, colourOf, nameOf } from '../members.js';

const MAX_CHANGES = 100;

function changeItem(change) {
  const item = element('li');
  const what = element('span', 'what');
  let why = change.detail || '';
  let badge = null;
  if (change.member) {
    const [verb, because, tone] = REASONS[change.reason] || REASONS.UNDEFINED;
    const address = element('span', 'address ' + colourOf(change.member), nameOf(change.member));
    what.append(address, ' ' + verb);
    why = because;
    badge = element('span', 'badge ' + tone, change.reason);
  }
  else if (change.type === 'RING') {
    what.textContent = 'Ring ' + change.ring;
    badge = element('span', 'badge', 'ring');
  }
  else {
    what.textContent = change.type === 'CONNECTED' ? 'Connected to Corosync' : 'Connection to Corosync ended';
    badge = element('span', 'badge ' + (change.type === 'CONNECTED' ? 'good' : 'bad'), change.type.toLowerCase());
  }
  item.append(what, badge, element('span', 'why', why), timeOf(change.at));
  return item;
}

export function showChanges(changes) {
  byId('changes').replaceChildren(...changes.map(changeItem).reverse());
  byId('no-changes').hidden = changes.length > 0;
}

export function addChange(change) {
  const list = byId('changes');
  const item = changeItem(change);
  item.classList.add('new');
  list.prepend(item);
  while (list.children.length > MAX_CHANGES) list.lastElementChild.remove();
  byId('no-changes').hidden = true;
}
