// The guided tour. A step is done when the members were notified of what it is about,
// whether the user did it or the tour.

import { byId } from '../dom.js';
import { post } from './api.js';
import { lastNoticeId } from './state.js';
import { STEPS } from './steps.js';

let step = -1;
let since = 0;
let done = [];

function show() {
  byId('tour').hidden = step < 0;
  byId('tour-start').hidden = step >= 0;
  if (step < 0) return;
  byId('tour').dataset.step = step + 1;
  byId('tour').dataset.done = done[step];
  byId('tour-step').textContent = step + 1 + ' of ' + STEPS.length;
  if (byId('tour-text').textContent !== STEPS[step].text) byId('tour-text').textContent = STEPS[step].text;
  byId('tour-do').textContent = STEPS[step].action;
  byId('tour-done').textContent = done[step] ? 'done' : 'waiting for it';
  byId('tour-done').className = done[step] ? 'badge good' : 'badge';
  enable('tour-back', step > 0);
  enable('tour-next', done[step] && step < STEPS.length - 1);
}

// A button that is disabled for real would lose the focus.
function enable(id, enabled) {
  byId(id).setAttribute('aria-disabled', !enabled);
}

function goTo(next) {
  step = next;
  since = lastNoticeId();
  checkTour();
}

export function checkTour() {
  if (step >= 0 && !done[step]) done[step] = STEPS[step].isDone(since);
  show();
}

async function start() {
  if (!await post('reset')) return;
  done = STEPS.map(() => false);
  goTo(0);
  byId('tour-do').focus();
}

function end() {
  step = -1;
  show();
  byId('tour-start').focus();
}

function onClick(id, action) {
  byId(id).addEventListener('click', () => {
    if (byId(id).getAttribute('aria-disabled') !== 'true') action();
  });
}

onClick('tour-start', start);
onClick('tour-do', () => STEPS[step].act());
onClick('tour-back', () => goTo(step - 1));
onClick('tour-next', () => goTo(step + 1));
onClick('tour-end', end);
