// What this page knows of the cluster: its state, and what members were notified of.

const MAX_NOTICES = 500;
const NUMBERED = /^message (\d+)$/;

export const state = { cluster: { sides: [], nodes: [], members: [] }, notices: [] };

let lastNumber = 0;

export function setNotices(notices) {
  state.notices = [];
  notices.forEach(addNotice);
}

export function addNotice(notice) {
  state.notices.push(notice);
  if (state.notices.length > MAX_NOTICES) state.notices.shift();
  const number = NUMBERED.exec(notice.content.text || '');
  if (number) lastNumber = Math.max(lastNumber, Number(number[1]));
}

// Texts differ, so that it can be seen which message is which.
export function nextText() {
  lastNumber += 1;
  return 'message ' + lastNumber;
}

export function lastNoticeId() {
  return state.notices.length ? state.notices[state.notices.length - 1].id : 0;
}

export function nodeOf(id) {
  return state.cluster.nodes.find((node) => node.id === id);
}

export function stateOf(node) {
  if (!node.running) return 'stopped';
  return node.paused ? 'paused' : 'running';
}

export function membersOn(nodeId) {
  return state.cluster.members.filter((member) => member.nodeId === nodeId && member.member);
}

export function leader() {
  return state.cluster.members.find((member) => member.leading);
}

export function sideOf(nodeId) {
  return state.cluster.sides.find((side) => side.includes(nodeId)) || [];
}

// The path of a member's part of the API, and the end of its data-testid.
export function keyOf(address, separator) {
  return address.replace('/', separator);
}
