// What a member was notified of, in words.

import { QUORUM, REVOCATIONS, VACANCIES } from '../leadership.js';
import { REASONS, nameOf } from '../members.js';

function list(names) {
  return names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names[names.length - 1];
}

export function nodesInWords(ids) {
  return (ids.length === 1 ? 'node ' : 'nodes ') + list(ids.map(String));
}

export function membersInWords(addresses) {
  return (addresses.length === 1 ? 'member ' : 'members ') + list(addresses.map(nameOf));
}

export function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

export function sentence(words) {
  return capital(words) + '.';
}

export function partyInWords(party) {
  return nameOf(party.member) + ' ' + (REASONS[party.reason] || REASONS.UNDEFINED)[0];
}

export function partiesOf(content) {
  return [...(content.left || []), ...(content.joined || [])];
}

export function contentInWords(content) {
  switch (content.kind) {
    case 'CHANGE':
      return partiesOf(content).map((party) => partyInWords(party) + ' (' + party.reason + ')').join(', ');
    case 'RING':
      return 'ring ' + content.ring + ' of ' + nodesInWords(content.nodes);
    case 'MESSAGE':
      return '“' + content.text + '” from ' + nameOf(content.sender);
    case 'LOST':
      return 'its message “' + content.text + '” was dropped, and nobody received it';
    case 'UNKNOWN':
      return 'it is not known whether its message “' + content.text + '” was delivered';
    case 'QUORUM':
      return 'its ring ' + QUORUM[content.reason][0];
    case 'LEADER':
      return content.leader ? nameOf(content.leader) + ' leads, with token ' + content.token
        : 'nobody leads: ' + VACANCIES[content.reason];
    case 'GRANTED':
      return 'it leads from now on';
    case 'REVOKED':
      return 'it leads no more: ' + REVOCATIONS[content.reason];
    default:
      return 'its connection ended: ' + content.text;
  }
}
