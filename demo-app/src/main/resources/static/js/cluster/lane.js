// One member: who it is, what it takes to be true, what can be done to it, and its part of
// the time line.

import { element } from '../dom.js';
import { QUORUM, VACANCIES } from '../leadership.js';
import { colourOf, nameOf } from '../members.js';
import { post } from './api.js';
import { keyOf, nextText, nodeOf, stateOf } from './state.js';

const MAX_TEXT = 200;

function button(testId, text, name, click) {
  const made = element('button', '', text);
  made.type = 'button';
  made.dataset.testid = testId;
  made.setAttribute('aria-label', name);
  made.addEventListener('click', click);
  return made;
}

export class Lane {

  constructor(member, colour) {
    this.address = member.address;
    this.service = member.service;
    this.path = 'members/' + member.address;
    this.key = keyOf(member.address, '.');
    this.section = element('section', 'lane ' + colour);
    this.section.dataset.testid = 'lane-' + this.key;
    this.section.dataset.node = member.nodeId;
    if (member.service) this.section.dataset.service = 'true';
    this.list = element('ol', 'notices');
    this.list.setAttribute('aria-label', 'what member ' + nameOf(member.address) + ' was notified of');
    this.section.append(this.header(member), this.list);
  }

  header(member) {
    const header = element('div', 'lane-header');
    const title = element('h3');
    title.id = 'lane-title-' + this.key;
    title.append(element('span', 'address', nameOf(member.address)));
    if (member.service) title.append(element('span', 'badge self', 'this service'));
    this.section.setAttribute('aria-labelledby', title.id);
    this.leads = element('span', 'badge leads', 'leads');
    this.badge = element('span', 'badge');
    title.append(this.leads, this.badge);
    this.facts = element('dl', 'facts');
    header.append(title, this.facts, this.form(), this.actions());
    return header;
  }

  form() {
    const form = element('form', 'lane-send');
    this.text = element('input');
    this.text.dataset.testid = 'text-' + this.key;
    this.text.maxLength = MAX_TEXT;
    this.text.autocomplete = 'off';
    this.text.placeholder = 'message';
    this.text.setAttribute('aria-label', 'message of member ' + nameOf(this.address));
    this.send = element('button', '', 'Send');
    this.send.dataset.testid = 'send-' + this.key;
    this.send.setAttribute('aria-label', 'Send from ' + nameOf(this.address));
    form.append(this.text, this.send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      post(this.path + '/messages', { text: this.text.value || nextText() });
      this.text.value = '';
    });
    return form;
  }

  actions() {
    const name = nameOf(this.address);
    const actions = element('div', 'actions');
    this.drop = button('drop-' + this.key, 'Drop next', 'Drop the next message of ' + name,
      () => post(this.path + '/drop-next'));
    actions.append(this.drop);
    if (!this.service) {
      actions.append(
        button('leave-' + this.key, 'Leave', 'Have ' + name + ' leave', () => post(this.path + '/leave')),
        button('kill-' + this.key, 'Kill', 'Kill ' + name, () => post(this.path + '/kill')));
    }
    return actions;
  }

  show(member) {
    const data = this.section.dataset;
    data.state = member.member ? 'member' : 'ended';
    data.view = member.view.join(' ');
    data.ring = member.ring || '';
    data.quorum = member.quorum;
    data.leader = member.lead.leader || '';
    data.token = member.lead.token || '';
    data.leading = member.leading;
    this.leads.hidden = !member.leading;
    this.showBadge(member);
    this.showFacts(member);
    this.drop.classList.toggle('pressed', member.dropNext);
    this.drop.setAttribute('aria-pressed', member.dropNext);
    this.section.querySelectorAll('input, button').forEach((control) => {
      control.disabled = !member.member;
    });
  }

  showBadge(member) {
    const node = nodeOf(member.nodeId);
    const paused = node && stateOf(node) === 'paused';
    this.badge.hidden = member.member && !paused;
    this.badge.className = 'badge ' + (member.member ? 'warn' : 'bad');
    this.badge.textContent = member.member ? 'node paused' : 'no member';
  }

  // Each fact is what this member was last notified of.
  showFacts(member) {
    this.facts.replaceChildren();
    if (!member.member) return;
    const view = element('dd', 'view');
    view.append(...member.view.map((address) => element('span', 'address ' + colourOf(address), nameOf(address))));
    const ring = element('dd', 'ring', member.ring);
    const [words, tone] = QUORUM[member.quorum];
    ring.append(element('span', 'badge ' + tone, words));
    const { leader, token, vacancy } = member.lead;
    const lead = element('dd');
    lead.append(leader ? element('span', 'address ' + colourOf(leader), nameOf(leader)) : 'nobody');
    this.facts.append(element('dt', '', 'Sees'), view, element('dt', '', 'Ring'), ring,
      element('dt', '', 'Leader'), lead, element('dt', '', leader ? 'Token' : 'Why'),
      element('dd', leader ? 'token' : '', leader ? token : VACANCIES[vacancy]));
  }

}
