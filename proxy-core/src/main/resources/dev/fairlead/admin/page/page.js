// The page: its header, its panels, and the stream that keeps them up to date.

import { ask, Refusal, Silence } from '/api.js';
import { Connections } from '/connections.js';
import { aloud, byId, chip, make, say } from '/elements.js';
import { Events } from '/events.js';
import { Graphs } from '/graphs.js';
import { Services } from '/services.js';
import { Why } from '/why.js';
import { clock, count, seconds } from '/words.js';

// A status comes each second: after this long without one the process is stuck, even if its connection is not.
const SILENCE_MILLIS = 6000;
const AGAIN_MILLIS = 1000;
const TONES = { ready: 'good', draining: 'warn', starting: 'warn' };

const graphs = new Graphs(byId('tiles'));
const why = new Why();
const events = new Events(byId('latest'));
const panels = { services: new Services((address, protocol) => { show('why'); why.about(address, protocol); }),
  connections: new Connections(), events, why };
let shown = 'services';
let started = null;
let state = null;
let source = null;
let heard = Date.now();
let gone = false;

function header(status) {
  const now = status.now ? status.now[0] : Date.now() / 1000;
  const age = (time) => seconds(now - Date.parse(time) / 1000);
  document.title = status.node ? `Fairlead on ${status.node}` : 'Fairlead';
  say(byId('version'), status.version);
  chip(byId('state'), status.state, TONES[status.state] ?? 'bad');
  say(byId('node'), [status.node ?? 'not named', status.zone ? `zone ${status.zone}` : null].filter(Boolean).join(', '));
  say(byId('uptime'), seconds(status.uptimeSeconds));
  say(byId('configuration'), status.sourceFaultSince ? `not understood for ${age(status.sourceFaultSince)}`
    : status.changedAt ? `changed ${age(status.changedAt)} ago (table ${count(status.table)})` : `table ${count(status.table)}`);
  say(byId('heard'), status.heardAt ? `heard ${age(status.heardAt)} ago` : 'no cluster');
  say(byId('counts'), `${count(status.services)}, ${count(status.endpoints)} endpoints, ${count(status.listeners)} doors`);
  say(byId('path'), `${status.dataPath}, ${count(status.eventLoops)} ${status.eventLoops === 1 ? 'loop' : 'loops'}`);
  say(byId('capabilities'), status.capabilities.length ? status.capabilities.join(', ') : 'none');
  problems(status.problems ?? []);
  if (state !== null && state !== status.state) {
    aloud(`Fairlead is ${status.state}`);
  }
  state = status.state;
}

function problems(sentences) {
  const list = byId('problem-list');
  if ([...list.children].map((one) => one.textContent).join('\n') !== sentences.join('\n')) {
    list.replaceChildren(...sentences.map((sentence) => make('li', {}, sentence)));
  }
  byId('problems').hidden = sentences.length === 0;
}

/** Everything anew: at the start, and after each time that nobody answered. */
async function catchUp() {
  const status = await ask('/api/v1/status');
  const another = started !== null && started !== status.startedAt;
  started = status.startedAt;
  graphs.replace(status.history ?? []);
  if (another) {
    events.startedAnew();
    aloud('Fairlead was started anew');
  }
  await events.catchUp();
  taken(status);
}

function taken(status) {
  heard = Date.now();
  header(status);
  graphs.add(status.now);
  if (gone) {
    gone = false;
    byId('gone').hidden = true;
    aloud('Fairlead answers again');
  }
  if (document.visibilityState === 'visible') {
    graphs.draw(status.descriptorLimit);
    panels[shown].tick();
  }
}

function silent() {
  if (gone) {
    return;
  }
  gone = true;
  chip(byId('state'), 'no answer', 'bad');
  say(byId('gone'), `No answer since ${clock(heard / 1000)}, trying again. What you see is from then.`);
  byId('gone').hidden = false;
}

function listen() {
  source?.close();
  const mine = new EventSource('/api/v1/stream');
  source = mine;
  const lost = () => {
    silent();
    mine.close();
    if (source === mine) {
      source = null;
      setTimeout(listen, AGAIN_MILLIS);
    }
  };
  const current = () => catchUp().catch((failure) => {
    lost();
    if (!(failure instanceof Silence || failure instanceof Refusal)) {
      throw failure;
    }
  });
  mine.addEventListener('open', current);
  mine.addEventListener('status', (event) => {
    const status = JSON.parse(event.data);
    // Before the history is there, which `open` asks for, or from a process that has taken over in between.
    if (status.startedAt === started) {
      taken(status);
    } else if (started !== null) {
      current();
    }
  });
  mine.addEventListener('happened', (event) => events.happened(JSON.parse(event.data)));
  // A browser would wait some seconds by itself, and gives up after an answer other than 200.
  mine.addEventListener('error', lost);
}

function show(name) {
  shown = name;
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const chosen = tab.getAttribute('aria-controls') === name;
    tab.setAttribute('aria-selected', chosen);
    tab.tabIndex = chosen ? 0 : -1;
    byId(tab.getAttribute('aria-controls')).hidden = !chosen;
  }
  if (location.hash !== `#${name}`) {
    history.replaceState(null, '', `#${name}`);
  }
  panels[name].tick(true);
}

function tabs() {
  const all = [...document.querySelectorAll('[role=tab]')];
  all.forEach((tab, index) => {
    tab.addEventListener('click', () => show(tab.getAttribute('aria-controls')));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = all[(index + step + all.length) % all.length];
        show(next.getAttribute('aria-controls'));
        next.focus();
      }
    });
  });
}

function keys(event) {
  const typing = event.target.matches('input, select, textarea');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = byId(shown).querySelector('input');
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === 'Escape' && !byId('verb').open) {
    panels[shown].escape?.(event);
  }
}

document.addEventListener('keydown', keys);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') {
    panels[shown].tick(true);
  }
});
setInterval(() => {
  if (Date.now() - heard > SILENCE_MILLIS && document.visibilityState === 'visible') {
    silent();
  }
}, 1000);
tabs();
const wanted = location.hash.slice(1);
show(wanted in panels ? wanted : 'services');
listen();
