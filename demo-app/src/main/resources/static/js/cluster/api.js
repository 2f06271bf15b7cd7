// Asks the service to do something to its cluster, and shows why if it refuses.

import { byId } from '../dom.js';

export async function post(path, body = {}) {
  try {
    const answer = await fetch('api/cluster/' + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    showProblem(answer.ok ? '' : await problemOf(answer));
    return answer.ok;
  }
  catch (error) {
    showProblem('This page cannot reach its service, so it is not known whether that was done.');
    return false;
  }
}

// What became of a message is in its sender's lane.
async function problemOf(answer) {
  const problem = await answer.json();
  if (problem.outcome === 'lost' || problem.outcome === 'unknown') return '';
  return problem.detail || problem.title || 'The service answered with ' + answer.status;
}

function showProblem(text) {
  byId('problem').hidden = !text;
  byId('problem').textContent = text;
}
