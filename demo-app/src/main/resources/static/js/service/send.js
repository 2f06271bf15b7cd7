// Sends what is typed, and shows what became of it.

import { byId } from '../dom.js';

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

export function allowSending(allowed) {
  byId('text').disabled = !allowed;
  byId('send').querySelector('button').disabled = !allowed;
}

byId('send').addEventListener('submit', send);
