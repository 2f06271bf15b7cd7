// The changes that this service was notified of.

import { byId, element, timeOf } from '../dom.js';
import { QUORUM, REVOCATIONS, VACANCIES } from '../leadership.js';
import { REASONS, colourOf, nameOf } from '../members.js';

const MAX_CHANGES = 100;

// For each type of change what to say, a badge and its tone, and why if that is not in the change itself.
const TYPES = {
  JOINED: party,
  LEFT: party,
  RING: (change) => ['Ring ' + change.ring, 'ring', ''],
  CONNECTED: () => ['Connected to Corosync', 'connected', 'good'],
  DISCONNECTED: () => ['Connection to Corosync ended', 'disconnected', 'bad'],
  QUORUM: ({ reason }) => ['The ring ' + QUORUM[reason][0], reason, QUORUM[reason][1]],
  LEADER: ({ member, reason }) => (member ? [[address(member), ' leads'], 'leader', '']
    : ['Nobody leads', reason, 'warn', VACANCIES[reason]]),
  GRANTED: () => ['This member leads from now on', 'GRANTED', 'good'],
  REVOKED: ({ reason }) => ['This member leads no more', reason, 'bad', REVOCATIONS[reason]],
};

function address(member) {
  return element('span', 'address ' + colourOf(member), nameOf(member));
}

function party({ member, reason }) {
  const [verb, because, tone] = REASONS[reason] || REASONS.UNDEFINED;
  return [[address(member), ' ' + verb], reason, tone, because];
}

function changeItem(change) {
  const item = element('li');
  const what = element('span', 'what');
  const [words, badge, tone, why] = TYPES[change.type](change);
  what.append(...[words].flat());
  item.append(what, element('span', 'badge ' + tone, badge), element('span', 'why', why || change.detail || ''),
    timeOf(change.at));
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
