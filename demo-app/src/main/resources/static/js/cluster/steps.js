// The six steps of the tour: a sentence, how it can be done for the user, and how to see
// that it was done, whoever did it.

import { post } from './api.js';
import { split } from './nodes.js';
import { membersOn, nextText, state } from './state.js';

const APART = 3;
const TOGETHER = [1, 2];
const ALL = [1, 2, 3];

const first = (node) => membersOn(node)[0];

function send(node) {
  return post('members/' + first(node).address + '/messages', { text: nextText() });
}

function sees(node, others) {
  const member = first(node);
  return Boolean(member) && JSON.stringify([...new Set(member.view.map((address) => Number(address.split('/')[0])))])
    === JSON.stringify(others);
}

function isSplit() {
  return TOGETHER.every((node) => sees(node, TOGETHER)) && sees(APART, [APART]) && agree(TOGETHER) && hasNobody(APART);
}

function isWhole() {
  return ALL.every((node) => sees(node, ALL)) && agree(ALL);
}

// Whether the members on these nodes have quorum and agree on one leader among them.
function agree(nodes) {
  const members = nodes.map(first);
  const leading = members.find((member) => member && member.leading);
  return Boolean(leading) && members.every((member) => member && member.quorum === 'QUORATE'
    && member.lead.leader === leading.address && member.lead.token === leading.lead.token);
}

function hasNobody(node) {
  const member = first(node);
  return Boolean(member) && member.quorum === 'INQUORATE' && !member.lead.leader && !member.leading;
}

// Whether some message of one of the senders has reached exactly the members on these nodes.
function reached(since, senders, nodes) {
  const receivers = new Map();
  for (const { id, member, content } of state.notices) {
    if (id <= since || content.kind !== 'MESSAGE') continue;
    const message = JSON.stringify([content.sender, content.text]);
    if (!receivers.has(message)) receivers.set(message, { sender: content.sender, nodes: new Set() });
    receivers.get(message).nodes.add(Number(member.split('/')[0]));
  }
  return [...receivers.values()].some((one) => senders.includes(Number(one.sender.split('/')[0]))
    && one.nodes.size === nodes.length && nodes.every((node) => one.nodes.has(node)));
}

export const STEPS = [
  {
    text: 'Send from any member: all members, the sender included, are notified of the message, on one row of the time line.',
    action: 'Send from node 1',
    act: () => send(1),
    isDone: (since) => reached(since, ALL, ALL),
  },
  {
    text: 'Cut node 3 off, where the leader is: each side is notified that the other one is gone (NODEDOWN). Node 3 alone has no '
      + 'quorum, so nobody leads there any more; nodes 1 and 2 have it, and elect a leader with a larger token.',
    action: 'Cut node 3 off',
    act: () => split([TOGETHER, [APART]]),
    isDone: isSplit,
  },
  {
    text: 'Send from node 1 or 2: only the members on their side are notified of the message.',
    action: 'Send from node 1',
    act: () => send(1),
    isDone: (since) => isSplit() && reached(since, TOGETHER, TOGETHER),
  },
  {
    text: 'Send from node 3, too: its message counts as delivered, although no other member has it.',
    action: 'Send from node 3',
    act: () => send(APART),
    isDone: (since) => isSplit() && reached(since, [APART], [APART]),
  },
  {
    text: 'Heal the network: the sides come together, and each is notified of the members of the other (NODEUP). All agree '
      + 'on one leader again, the one with the largest token.',
    action: 'Heal',
    act: () => post('heal'),
    isDone: isWhole,
  },
  {
    text: 'Send once more: all members are notified of it, but none ever gets what the other side sent during the split.',
    action: 'Send from node 3',
    act: () => send(APART),
    isDone: (since) => isWhole() && reached(since, ALL, ALL),
  },
];
