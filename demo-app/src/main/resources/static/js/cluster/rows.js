// The rows of the time line. Members that are notified of the same thing at about the same
// time share a row, and each member's notices go downward in the order in which it got them.

const TOGETHER = 250;

// Who was cut off and comes back is notified of others that joined, and of the same members after that.
function identityOf(content) {
  return JSON.stringify(content.kind === 'CHANGE' ? [content.ring, content.members] : content);
}

export class Rows {

  constructor() {
    this.rows = [];
    this.lastOf = new Map();
  }

  get count() {
    return this.rows.length;
  }

  // Returns the row for a notice, from 0 on: one that is there, or one more at the end.
  place(notice) {
    const what = identityOf(notice.content);
    const at = Date.parse(notice.at);
    const last = this.lastOf.has(notice.member) ? this.lastOf.get(notice.member) : -1;
    let index = this.rows.findIndex((row, i) => i > last && row.what === what && at - row.at <= TOGETHER);
    if (index < 0) index = this.rows.push({ what, at }) - 1;
    this.lastOf.set(notice.member, index);
    return index;
  }

}
