// One thing that a member was notified of, as an item of its lane.

import { element } from '../dom.js';
import { QUORUM, REVOCATIONS, VACANCIES } from '../leadership.js';
import { REASONS, colourOf, nameOf } from '../members.js';
import { capital, contentInWords, nodesInWords, partiesOf, sentence } from './words.js';

const CONTENT = {
  CHANGE: (item, content) => {
    for (const party of partiesOf(content)) item.append(partyLine(party));
    const count = (content.members || []).length;
    if (count) item.append(element('p', 'quiet', count === 1 ? 'now 1 member' : 'now ' + count + ' members'));
  },
  RING: (item, content) => {
    item.append(element('p', 'quiet', 'Ring ' + content.ring + ', ' + nodesInWords(content.nodes)));
  },
  MESSAGE: (item, content) => {
    item.classList.add(colourOf(content.sender));
    item.append(element('p', 'address', nameOf(content.sender)), element('p', 'body', content.text));
  },
  QUORUM: (item, content) => {
    const [words, tone] = QUORUM[content.reason];
    item.append(badgeLine(capital(words), content.reason, tone));
  },
  LEADER: (item, content) => {
    if (!content.leader) {
      item.append(badgeLine('Nobody leads', content.reason, 'warn', VACANCIES[content.reason]));
      return;
    }
    const line = element('p');
    line.append(element('span', 'address ' + colourOf(content.leader), nameOf(content.leader)), ' leads');
    item.append(line, element('p', 'quiet', 'token ' + content.token));
  },
  GRANTED: (item) => item.append(badgeLine('Leads from now on', 'GRANTED', 'good')),
  REVOKED: (item, content) => {
    item.append(badgeLine('Leads no more', content.reason, 'bad'), element('p', 'quiet', REVOCATIONS[content.reason]));
  },
  LOST: failure,
  UNKNOWN: failure,
  ENDED: failure,
};

function partyLine(party) {
  const [verb, because, tone] = REASONS[party.reason] || REASONS.UNDEFINED;
  const line = element('p', 'party');
  const badge = element('span', 'badge ' + tone, party.reason);
  badge.title = because;
  line.append(element('span', 'address ' + colourOf(party.member), nameOf(party.member)), ' ' + verb + ' ', badge);
  return line;
}

function badgeLine(text, constant, tone, because) {
  const line = element('p', '', text + ' ');
  const badge = element('span', 'badge ' + tone, constant);
  if (because) badge.title = because;
  line.append(badge);
  return line;
}

function failure(item, content) {
  item.append(element('p', 'failure', sentence(contentInWords(content))));
}

export function noticeItem(notice, row) {
  const { content } = notice;
  const item = element('li', 'notice ' + content.kind.toLowerCase());
  item.dataset.testid = 'notice';
  item.dataset.kind = content.kind;
  item.dataset.row = row;
  if (content.sender) item.dataset.sender = content.sender;
  if (content.text) item.dataset.text = content.text;
  if (content.reason) item.dataset.reason = content.reason;
  if (content.leader) item.dataset.leader = content.leader;
  if (content.token) item.dataset.token = content.token;
  if (content.kind === 'CHANGE') {
    item.dataset.reasons = partiesOf(content).map((party) => party.member + ' ' + party.reason).join(' ');
  }
  item.title = notice.at;
  CONTENT[content.kind](item, content);
  return item;
}
