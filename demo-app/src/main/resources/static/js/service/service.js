// The group as this one service sees it.

import { byId, element, timeOf } from '../dom.js';
import { colourOf, nameOf, setNodeNames, setPresent } from '../members.js';
import { follow, setState } from '../status.js';
import { addChange, showChanges } from './changes.js';
import { addMessage, showMessages } from './messages.js';
import { showRing } from './ring.js';
import { allowSending } from './send.js';
import { showStanding } from './standing.js';

let shown = [];

function showGroup(group) {
  byId('group').firstElementChild.textContent = group.group;
  setNodeNames(group.nodeNames);
  byId('subtitle').textContent = 'a Corosync process group, as '
    + (group.local ? 'member ' + nameOf(group.local) : 'a service outside') + ' sees it';
  document.title = (group.local ? nameOf(group.local) + ' · ' : '') + group.group;
  if (group.connected) {
    setState('connected', 'connected', '');
  }
  else {
    setState('disconnected', 'not connected',
      'This service is in no group: ' + (group.reason || 'there is no connection to Corosync yet')
      + '. It keeps trying; until then it knows no members.');
  }
  allowSending(group.connected);
  showMembers(group.members, group.lead.leader);
  showRing(group);
  showStanding(group);
}

function showMembers(members, leader) {
  const before = new Set(shown);
  shown = members.map((member) => member.address);
  setPresent(shown);
  byId('members').replaceChildren(...members.map((member) => {
    const item = element('li', colourOf(member.address));
    item.classList.toggle('local', member.local);
    item.classList.toggle('new', !before.has(member.address));
    const name = element('span', 'who');
    name.append(element('span', 'address', member.name));
    if (member.address === leader) name.append(element('span', 'badge leads', 'leads'));
    item.append(element('span', 'swatch'), name);
    item.append(member.local ? element('span', 'badge self', 'this member') : element('span'));
    const since = element('span', 'since', 'since ');
    since.append(timeOf(member.since));
    item.append(element('span', 'where', 'node ' + member.nodeId + ', pid ' + member.pid), since);
    return item;
  }));
  byId('member-count').textContent = members.length || '';
  byId('no-members').hidden = members.length > 0;
}

export function showService() {
  follow('api/events', {
    snapshot: (snapshot) => {
      showGroup(snapshot.group);
      showChanges(snapshot.changes);
      showMessages(snapshot.messages, snapshot.messageTotal);
    },
    group: showGroup,
    change: addChange,
    message: addMessage,
  }, () => {
    allowSending(false);
    showMembers([], null);
    showRing({ members: [], ring: null, local: null });
    showStanding({ connected: false });
  });
}
