// Live connections, searched by the process.

import { ask, oneAtATime } from '/api.js';
import { byId, cell, make, Rows, say } from '/elements.js';
import { bytes, count, seconds } from '/words.js';

const MOST = 200;

const keyOf = (one) => [one.protocol, one.client, one.frontend].join(' ');

class Row {
  constructor(one) {
    const service = one.name ? `${one.namespace}/${one.name}${one.port ? `:${one.port}` : ''}` : 'none';
    this.endpoint = cell('Endpoint', '');
    this.state = cell('State', '');
    this.age = cell('Age', 'number');
    this.up = cell('Bytes up', 'number');
    this.down = cell('Bytes down', 'number');
    this.elements = [make('tr', { role: 'row', class: 'row' }, cell('Client', '', one.client), cell('Service', '', service),
      cell('Address', '', `${one.frontend}/${one.protocol}`), this.endpoint, this.state, this.age, this.up, this.down)];
  }

  update(one) {
    say(this.endpoint, one.endpoint ?? 'none yet');
    say(this.state, one.state);
    say(this.age, seconds(one.seconds));
    say(this.up, bytes(one.bytesUp));
    say(this.down, bytes(one.bytesDown));
  }
}

/** The panel of connections. */
export class Connections {
  #rows = new Rows(byId('connection-rows'), keyOf, (one) => new Row(one));
  #ticks = 0;
  #refresh = oneAtATime(() => this.#ask());

  constructor() {
    byId('connection-search').addEventListener('input', () => this.#refresh());
  }

  /** Each second while the panel is shown. */
  tick(now = false) {
    if (now || this.#ticks++ % 2 === 0) {
      this.#refresh();
    }
  }

  escape() {
    byId('connection-search').value = '';
    this.#refresh();
  }

  async #ask() {
    const search = byId('connection-search').value.trim();
    const { total, matching, connections } = await ask('/api/v1/connections', { search, limit: MOST });
    this.#rows.show(connections);
    byId('connection-table').hidden = connections.length === 0;
    byId('connection-none').hidden = connections.length > 0;
    say(byId('connection-none'), total === 0 ? 'No connection is open.' : 'No connection is like that.');
    const which = matching === total ? `${count(total)} connections` : `${count(matching)} of ${count(total)} connections`;
    say(byId('connection-count'), connections.length < matching ? `${which}, ${count(connections.length)} shown` : which);
  }
}
