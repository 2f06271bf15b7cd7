// The members side by side, with what each was notified of on one time line.

import { byId, element } from '../dom.js';
import { colourOf, compareAddresses, setPresent } from '../members.js';
import { Lane } from './lane.js';
import { noticeItem } from './notice.js';
import { Rows } from './rows.js';
import { state } from './state.js';

const MAX_ROWS = 300;
const HEADER_ROWS = 1;

const lanes = new Map();

// The title of each notice has its time, too.
const times = element('div', 'times');
times.setAttribute('aria-hidden', 'true');
byId('lanes').append(element('div', 'corner'), times);

let rows = new Rows();

// The newest notices stay in sight, unless the user has scrolled away from them.
let following = true;

byId('lanes').addEventListener('scroll', () => {
  const view = byId('lanes');
  following = view.scrollHeight - view.scrollTop - view.clientHeight < 80;
});

export function showLanes() {
  setPresent(state.cluster.members.map((member) => member.address));
  const addresses = new Set(state.cluster.members.map((member) => member.address));
  for (const [address, lane] of lanes) {
    if (addresses.has(address)) continue;
    lane.section.remove();
    lanes.delete(address);
  }
  state.cluster.members.forEach((member, index) => {
    const lane = laneOf(member);
    lane.show(member);
    lane.section.style.setProperty('--lane', index + 1);
  });
  byId('lanes').style.setProperty('--lanes', lanes.size);
}

function laneOf(member) {
  if (!lanes.has(member.address)) {
    const lane = new Lane(member, colourOf(member.address));
    lanes.set(member.address, lane);
    const after = [...lanes.keys()].sort(compareAddresses);
    const next = lanes.get(after[after.indexOf(member.address) + 1]);
    byId('lanes').insertBefore(lane.section, next ? next.section : null);
  }
  return lanes.get(member.address);
}

export function showNotices() {
  rows = new Rows();
  times.replaceChildren();
  lanes.forEach((lane) => lane.list.replaceChildren());
  state.notices.forEach(place);
  scrollToEnd();
}

export function showNotice(notice) {
  if (rows.count >= MAX_ROWS) {
    state.notices = state.notices.slice(Math.floor(state.notices.length / 2));
    showNotices();
    return;
  }
  place(notice);
  if (following) scrollToEnd();
}

function place(notice) {
  const lane = lanes.get(notice.member);
  if (!lane) return;
  const before = rows.count;
  const row = rows.place(notice);
  const line = row + 1;
  if (rows.count > before) {
    const time = element('time', '', notice.at.slice(14, 23));
    time.dateTime = notice.at;
    time.title = notice.at;
    time.style.gridRow = line;
    times.append(time);
    byId('lanes').style.setProperty('--rows', rows.count + HEADER_ROWS);
  }
  const item = noticeItem(notice, row);
  item.style.gridRow = line;
  lane.list.append(item);
}

function scrollToEnd() {
  byId('lanes').scrollTop = byId('lanes').scrollHeight;
}
