// Says for screen readers what members were notified of: once for all who were notified of
// the same thing.

import { byId } from '../dom.js';
import { compareAddresses } from '../members.js';
import { contentInWords, membersInWords, sentence } from './words.js';

const PAUSE = 300;

let waiting = new Map();

export function announce(notice) {
  if (!waiting.size) setTimeout(say, PAUSE);
  const words = contentInWords(notice.content);
  waiting.set(words, [...(waiting.get(words) || []), notice.member]);
}

function say() {
  const sentences = [...waiting].map(([words, addresses]) => sentence(membersInWords(addresses.sort(compareAddresses)) + ': ' + words));
  waiting = new Map();
  byId('announcer').textContent = sentences.join(' ');
}
