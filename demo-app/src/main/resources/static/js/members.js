// How a member is named and coloured, and what Corosync's reasons mean.

const COLOURS = 8;

export const REASONS = {
  JOIN: ['joined', 'its process asked to', 'good'],
  LEAVE: ['left', 'its process asked to', 'warn'],
  NODEUP: ['joined', 'its node came into the ring', 'good'],
  NODEDOWN: ['is gone', 'its node died or was cut off', 'bad'],
  PROCDOWN: ['is gone', 'its process ended without a leave', 'bad'],
  UNDEFINED: ['changed', 'no reason was given', 'warn'],
};

// A member keeps its colour for as long as the page lives. The node's number decides which
// it gets first, so that pages beside each other agree as far as they can.
const colours = new Map();

let present = [];

export function setPresent(addresses) {
  present = addresses;
}

export function colourOf(address) {
  if (!colours.has(address)) {
    const taken = new Set(present);
    const used = new Set([...colours].filter(([known]) => taken.has(known)).map(([, colour]) => colour));
    let colour = (Number(address.split('/')[0]) + COLOURS - 1) % COLOURS;
    for (let tries = 0; used.has(colour) && tries < COLOURS; tries++) colour = (colour + 3) % COLOURS;
    if (colours.size > 500) colours.clear();
    colours.set(address, colour);
  }
  return 'c' + colours.get(address);
}

// Members are shown by the name of their node if it has one, even after they have gone or this service has lost its daemon.
const nodeNames = {};

export function setNodeNames(names) {
  Object.assign(nodeNames, names);
}

export function compareAddresses(a, b) {
  const [nodeA, pidA] = a.split('/').map(Number);
  const [nodeB, pidB] = b.split('/').map(Number);
  return nodeA - nodeB || pidA - pidB;
}

export function nameOf(address) {
  const [node, pid] = address.split('/');
  return (nodeNames[node] || node) + '/' + pid;
}
