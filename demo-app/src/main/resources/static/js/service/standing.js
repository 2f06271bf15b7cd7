// Quorum, leader and token, as this service was last notified of them.

import { byId, element } from '../dom.js';
import { QUORUM, VACANCIES } from '../leadership.js';
import { colourOf, nameOf } from '../members.js';

function fact(name, content) {
  const value = element('dd');
  value.append(content);
  return [element('dt', '', name), value];
}

export function showStanding(group) {
  const list = byId('standing');
  list.hidden = !group.connected;
  if (!group.connected) return;
  const { leader, token, vacancy } = group.lead;
  const [words, tone] = QUORUM[group.quorum];
  list.dataset.quorum = group.quorum;
  list.dataset.leader = leader || '';
  list.dataset.token = token || '';
  list.replaceChildren(
    ...fact('Quorum', element('span', 'badge ' + tone, words)),
    ...fact('Leader', leader ? element('span', 'address ' + colourOf(leader), nameOf(leader)) : 'nobody'),
    ...fact(leader ? 'Token' : 'Why', leader ? element('span', 'token', token) : VACANCIES[vacancy]));
}
