// The messages that this service received.

import { byId, element, timeOf } from '../dom.js';
import { colourOf, nameOf } from '../members.js';
import { pulse } from './ring.js';

const MAX_MESSAGES = 200;

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

export function showMessages(messages, total) {
  const list = byId('messages');
  list.replaceChildren(...messages.map(messageItem));
  list.scrollTop = list.scrollHeight;
  countMessages(total);
}

export function addMessage(message) {
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
  byId('message-count').textContent = total || '';
  byId('no-messages').hidden = byId('messages').children.length > 0;
}
