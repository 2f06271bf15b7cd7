// The nodes, by side of the network.

import { byId, element } from '../dom.js';
import { colourOf, nameOf } from '../members.js';
import { post } from './api.js';
import { makeDraggable } from './drag.js';
import { membersOn, sideOf, state, stateOf } from './state.js';
import { nodesInWords } from './words.js';

const cards = new Map();

const ACTIONS = [
  ['pause', 'pause', 'Pause', ['running']],
  ['resume', 'resume', 'Resume', ['paused']],
  ['stop', 'stop', 'Stop', ['running']],
  ['kill-node', 'kill', 'Kill', ['running', 'paused']],
  ['start', 'start', 'Start', ['stopped']],
  ['add', 'members', 'Add member', ['running']],
];

export function showNodes() {
  const focused = document.activeElement;
  state.cluster.nodes.forEach((node) => showNode(cardOf(node.id), node));
  const wanted = JSON.stringify(state.cluster.sides);
  if (byId('sides').dataset.sides !== wanted) {
    byId('sides').dataset.sides = wanted;
    byId('sides').replaceChildren(...state.cluster.sides.map(sideElement), apartElement());
  }
  keepFocus(focused);
}

function sideElement(ids) {
  const side = element('div', 'side');
  side.dataset.testid = 'side';
  side.dataset.nodes = ids.join(' ');
  side.setAttribute('role', 'group');
  side.setAttribute('aria-label', ids.length === 1 ? nodesInWords(ids) + ' alone' : nodesInWords(ids) + ' reach each other');
  side.append(...ids.map((id) => cardOf(id).card));
  return side;
}

function apartElement() {
  const apart = element('p', 'side apart', 'Drop a node here to cut it off');
  apart.dataset.testid = 'apart';
  apart.dataset.nodes = '';
  apart.setAttribute('aria-hidden', 'true');
  return apart;
}

function cardOf(id) {
  if (!cards.has(id)) cards.set(id, makeCard(id));
  return cards.get(id);
}

function makeCard(id) {
  const card = element('section', 'node-card');
  card.dataset.testid = 'node-' + id;
  card.setAttribute('aria-labelledby', 'node-title-' + id);
  const handle = element('div', 'handle');
  handle.dataset.testid = 'handle-' + id;
  const title = element('h3', '', 'Node ' + id);
  title.id = 'node-title-' + id;
  const badge = element('span', 'badge');
  const dots = element('p', 'dots');
  handle.append(title, badge);
  const actions = element('div', 'actions');
  const cut = actionButton('Cut off', () => (cut.dataset.testid.startsWith('cut') ? cutOff(id) : bringBack(id)));
  const buttons = ACTIONS.map(([testId, path, text, states]) => {
    const made = actionButton(text, () => post('nodes/' + id + '/' + path));
    made.dataset.testid = testId + '-' + id;
    made.setAttribute('aria-label', text + (path === 'members' ? ' on node ' : ' node ') + id);
    return { made, states };
  });
  actions.append(cut, ...buttons.map(({ made }) => made));
  card.append(handle, dots, actions);
  makeDraggable(card, handle, (nodes) => moveTo(id, nodes));
  return { card, badge, dots, cut, buttons };
}

function actionButton(text, click) {
  const made = element('button', '', text);
  made.type = 'button';
  made.addEventListener('click', click);
  return made;
}

function showNode({ card, badge, dots, cut, buttons }, node) {
  const now = stateOf(node);
  card.dataset.state = now;
  badge.textContent = now;
  badge.className = 'badge ' + { running: 'good', paused: 'warn', stopped: 'bad' }[now];
  dots.replaceChildren(...membersOn(node.id).map((member) => {
    const dot = element('span', colourOf(member.address));
    dot.append(element('span', 'address', nameOf(member.address)));
    if (member.leading) dot.append(' ', element('span', 'badge leads', 'leads'));
    return dot;
  }));
  buttons.forEach(({ made, states }) => {
    made.hidden = !states.includes(now);
  });
  const alone = sideOf(node.id).length === 1;
  cut.textContent = alone ? 'Bring back' : 'Cut off';
  cut.dataset.testid = (alone ? 'back-' : 'cut-') + node.id;
  cut.setAttribute('aria-label', (alone ? 'Bring back node ' : 'Cut off node ') + node.id);
  cut.hidden = alone && state.cluster.sides.length === 1;
}

// A button that has been used may be hidden or moved: the focus stays with its node.
function keepFocus(focused) {
  const card = focused && focused.closest && focused.closest('.node-card');
  if (!card) return;
  const target = focused.hidden ? card.querySelector('[hidden] ~ button:not([hidden])') : focused;
  if (target && target !== document.activeElement) target.focus();
}

// Cutting

function cutOff(id) {
  return split([...without(id), [id]]);
}

function bringBack(id) {
  const others = without(id);
  return split(others.map((side, index) => (index === 0 ? [...side, id] : side)));
}

function moveTo(id, nodes) {
  if (nodes.includes(id)) return null;
  if (!nodes.length) return cutOff(id);
  return split(without(id).map((side) => (side.includes(nodes[0]) ? [...side, id] : side)));
}

function without(id) {
  return state.cluster.sides.map((side) => side.filter((node) => node !== id)).filter((side) => side.length);
}

export function split(sides) {
  return post('sides', sides);
}
