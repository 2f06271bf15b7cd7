'use strict';

const MAX_MESSAGES = 200;
const MAX_CHANGES = 100;
const COLOURS = 8;
const SVG = 'http://www.w3.org/2000/svg';

const REASONS = {
  JOIN: ['joined', 'its process asked to', 'good'],
  LEAVE: ['left', 'its process asked to', 'warn'],
  NODEUP: ['joined', 'its node came into the ring', 'good'],
  NODEDOWN: ['is gone', 'its node died or was cut off', 'bad'],
  PROCDOWN: ['is gone', 'its process ended without a leave', 'bad'],
  UNDEFINED: ['changed', 'no reason was given', 'warn'],
};

const byId = (id) => document.getElementById(id);

// Content from other members is only ever set as text, never parsed as HTML.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function timeOf(instant) {
  const time = element('time', '', new Date(instant).toLocaleTimeString([], { hour12: false }));
  time.dateTime = instant;
  return time;
}

// A member keeps its colour for as long as the page lives. The node's number decides which
// it gets first, so that pages beside each other agree as far as they can.
const colours = new Map();

function colourOf(address) {
  if (!colours.has(address)) {
    const taken = new Set(shown.members);
    const used = new Set([...colours].filter(([known]) => taken.has(known)).map(([, colour]) => colour));
    let colour = (Number(address.split('/')[0]) + COLOURS - 1) % COLOURS;
    for (let tries = 0; used.has(colour) && tries < COLOURS; tries++) colour = (colour + 3) % COLOURS;
    if (colours.size > 500) colours.clear();
    colours.set(address, colour);
  }
  return 'c' + colours.get(address);
}

const shown = { members: [] };

// Members are shown by the name of their node if it has one, even after they have gone or this service has lost its daemon.
const nodeNames = {};

function nameOf(address) {
  const [node, pid] = address.split('/');
  return (nodeNames[node] || node) + '/' + pid;
}

// state

function setState(state, label, alert) {
  document.body.dataset.state = state;
  byId('state').textContent = label;
  byId('alert').hidden = !alert;
  byId('alert').textContent = alert || '';
  const usable = state === 'connected';
  byId('text').disabled = !usable;
  byId('send').querySelector('button').disabled = !usable;
}

function showGroup(group) {
  byId('group').firstElementChild.textContent = group.group;
  Object.assign(nodeNames, group.nodeNames);
  byId('who').textContent = group.local ? 'member ' + nameOf(group.local) : 'a service outside';
  document.title = (group.local ? nameOf(group.local) + ' · ' : '') + group.group;
  if (group.connected) {
    setState('connected', 'connected', '');
  }
  else {
    setState('disconnected', 'not connected',
      'This service is in no group: ' + (group.reason || 'there is no connection to Corosync yet')
      + '. It keeps trying; until then it knows no members.');
  }
  showMembers(group.members);
  showRing(group);
}

function showMembers(members) {
  const before = new Set(shown.members);
  shown.members = members.map((member) => member.address);
  byId('members').replaceChildren(...members.map((member) => {
    const item = element('li', colourOf(member.address));
    item.classList.toggle('local', member.local);
    item.classList.toggle('new', !before.has(member.address));
    item.append(element('span', 'swatch'), element('span', 'address', member.name));
    item.append(member.local ? element('span', 'badge self', 'this member') : element('span'));
    const since = element('span', 'since', 'since ');
    since.append(timeOf(member.since));
    item.append(element('span', 'where', 'node ' + member.nodeId + ', pid ' + member.pid), since);
    return item;
  }));
  byId('member-count').textContent = members.length || '';
  byId('no-members').hidden = members.length > 0;
}

// ring

const CENTRE = { x: 160, y: 142 };
const RADIUS = 92;

function place(index, count, radius) {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return { x: CENTRE.x + radius * Math.cos(angle), y: CENTRE.y + radius * Math.sin(angle), angle };
}

function showRing(group) {
  const drawing = byId('ring');
  const nodes = group.ring ? group.ring.nodes : [];
  const track = svg('circle', { cx: CENTRE.x, cy: CENTRE.y, r: RADIUS, class: nodes.length ? 'track' : 'track none' });
  drawing.replaceChildren(track);
  if (!nodes.length) {
    drawing.append(svg('text', { x: CENTRE.x, y: CENTRE.y + 5, class: 'quiet' }, 'no ring'));
    return;
  }
  const around = 2 * Math.PI * RADIUS;
  drawing.append(svg('circle', {
    cx: CENTRE.x, cy: CENTRE.y, r: RADIUS, class: 'token', 'stroke-dasharray': '26 ' + (around - 26),
  }));
  drawing.append(svg('text', { x: CENTRE.x, y: CENTRE.y + 2, class: 'ring-id' }, group.ring.id));
  drawing.append(svg('text', { x: CENTRE.x, y: CENTRE.y + 22, class: 'quiet' },
    nodes.length === 1 ? '1 node' : nodes.length + ' nodes'));
  const size = nodes.length > 9 ? 15 : 26;
  nodes.forEach((node, index) => drawNode(drawing, group, node, place(index, nodes.length, RADIUS), size));
}

function drawNode(drawing, group, node, at, size) {
  const mark = svg('g', { class: group.local && group.local.startsWith(node + '/') ? 'node local' : 'node' });
  mark.append(svg('circle', { cx: at.x, cy: at.y, r: size }));
  mark.append(svg('text', { x: at.x, y: at.y + 6, class: 'name' }, shortName(node)));
  mark.append(svg('title', {}, 'node ' + node));
  drawing.append(mark);
  const members = group.members.filter((member) => member.nodeId === node).slice(0, 7);
  members.forEach((member, index) => {
    const angle = at.angle + (index - (members.length - 1) / 2) * 0.8;
    const dot = svg('g', { class: 'member ' + colourOf(member.address), 'data-member': member.address });
    dot.style.transform = 'translate(' + (at.x + size * Math.cos(angle)) + 'px,' + (at.y + size * Math.sin(angle)) + 'px)';
    dot.append(svg('circle', { r: 9 }), svg('title', {}, member.name));
    drawing.append(dot);
  });
}

// Node numbers made from an address are long; only their end differs.
function shortName(node) {
  const name = String(node);
  return name.length > 4 ? '…' + name.slice(-3) : name;
}

function pulse(address) {
  const dot = [...byId('ring').querySelectorAll('.member')].find((mark) => mark.dataset.member === address);
  if (!dot) return;
  const wave = svg('circle', { r: 11, class: 'pulse' });
  wave.addEventListener('animationend', () => wave.remove());
  dot.querySelectorAll('.pulse').forEach((old) => old.remove());
  dot.prepend(wave);
}

// messages

let messageTotal = 0;

function messageItem(message) {
  const item = element('li', colourOf(message.sender));
  item.classList.toggle('local', message.local);
  const meta = element('div', 'meta');
  meta.append(element('span', 'address', nameOf(message.sender)), timeOf(message.at), element('span', '', 'ring ' + message.ring));
  if (message.raw) {
    const mark = element('span', 'badge', 'raw');
    mark.title = message.type
      ? 'sent as “' + message.type + '”, a type that this service does not know'
      : 'bytes without a type, such as programs in C send';
    meta.append(mark);
  }
  if (message.text === null) meta.append(element('span', 'badge', message.size + (message.size === 1 ? ' byte' : ' bytes')));
  const text = message.text === null ? message.hex : message.text;
  const body = element('div', message.text === null ? 'body hex' : 'body', text + (message.truncated ? ' …' : ''));
  if (message.truncated) body.title = 'the beginning of a message of ' + message.size + ' bytes';
  item.append(meta, body);
  return item;
}

function showMessages(messages, total) {
  const list = byId('messages');
  list.replaceChildren(...messages.map(messageItem));
  list.scrollTop = list.scrollHeight;
  countMessages(total);
}

function addMessage(message) {
  const list = byId('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const item = messageItem(message);
  item.classList.add('new');
  list.append(item);
  while (list.children.length > MAX_MESSAGES) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
  countMessages(message.id);
  pulse(message.sender);
}

function countMessages(total) {
  messageTotal = total;
  byId('message-count').textContent = messageTotal || '';
  byId('no-messages').hidden = byId('messages').children.length > 0;
}

// changes

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

function showChanges(changes) {
  byId('changes').replaceChildren(...changes.map(changeItem).reverse());
  byId('no-changes').hidden = changes.length > 0;
}

function addChange(change) {
  const list = byId('changes');
  const item = changeItem(change);
  item.classList.add('new');
  list.prepend(item);
  while (list.children.length > MAX_CHANGES) list.lastElementChild.remove();
  byId('no-changes').hidden = true;
}

// sending

function showOutcome(text, bad) {
  byId('outcome').textContent = text;
  byId('outcome').classList.toggle('bad', Boolean(bad));
}

async function send(event) {
  event.preventDefault();
  const field = byId('text');
  const text = field.value;
  if (!text) return;
  field.value = '';
  field.focus();
  const started = performance.now();
  try {
    const answer = await fetch('api/messages', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    const outcome = await answer.json();
    if (answer.ok) {
      showOutcome('Delivered to ' + outcome.members + (outcome.members === 1 ? ' member' : ' members') + ' of ring '
        + outcome.ring + ' in ' + Math.max(1, Math.round(performance.now() - started)) + ' ms');
    }
    else {
      showOutcome('Not known to be delivered: ' + (outcome.detail || outcome.title || answer.status), true);
      if (!field.value) field.value = text;
    }
  }
  catch (error) {
    showOutcome('This page cannot reach its service, so it is not known whether the message was sent.', true);
    if (!field.value) field.value = text;
  }
}

// the live stream

function listen() {
  const stream = new EventSource('api/events');
  const on = (name, take) => stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
  on('snapshot', (snapshot) => {
    showGroup(snapshot.group);
    showChanges(snapshot.changes);
    showMessages(snapshot.messages, snapshot.messageTotal);
  });
  on('group', showGroup);
  on('change', addChange);
  on('message', addMessage);
  stream.onerror = () => {
    setState('lost', 'service lost', 'This page has lost its service at ' + location.host + '. It keeps trying.');
    showMembers([]);
    showRing({ members: [], ring: null, local: null });
    // A browser gives up by itself only if the answer was an error.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

byId('send').addEventListener('submit', send);
setState('loading', 'connecting', '');
listen();
