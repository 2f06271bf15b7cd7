// The drawing of the ring: its nodes, and the members on them.

import { byId, svg } from '../dom.js';
import { colourOf } from '../members.js';

const CENTRE = { x: 160, y: 142 };
const RADIUS = 92;

function place(index, count, radius) {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return { x: CENTRE.x + radius * Math.cos(angle), y: CENTRE.y + radius * Math.sin(angle), angle };
}

export function showRing(group) {
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

export function pulse(address) {
  const dot = [...byId('ring').querySelectorAll('.member')].find((mark) => mark.dataset.member === address);
  if (!dot) return;
  const wave = svg('circle', { r: 11, class: 'pulse' });
  wave.addEventListener('animationend', () => wave.remove());
  dot.querySelectorAll('.pulse').forEach((old) => old.remove());
  dot.prepend(wave);
}
