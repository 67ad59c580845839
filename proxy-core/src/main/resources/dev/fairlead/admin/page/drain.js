// Draining and undraining, for whoever has the token.

import { command, Refusal } from '/api.js';
import { byId, say } from '/elements.js';

const TOKEN = 'fairlead.token';
const SHOWN_MILLIS = 8000;
const TEXTS = {
  drain: 'New connections no longer go there. Those that run go on.',
  undrain: 'New connections may go there again.',
};
let asked = null;
let hiding = 0;

/**
 * Asks whether that is meant, and does it.
 *
 * @param word drain or undrain
 * @param service namespace/name
 * @param endpoint IP:PORT, or null for the whole service
 * @param then is called once it is done
 */
export function verb(word, service, endpoint, then) {
  asked = { word, service, endpoint, then };
  const title = word[0].toUpperCase() + word.slice(1);
  say(byId('verb-title'), `${title} ${endpoint ? `${endpoint} of ${service}` : service}?`);
  say(byId('verb-text'), TEXTS[word]);
  say(byId('verb-yes'), title);
  askForToken('');
  byId('verb').showModal();
  (byId('verb-ask').hidden ? byId('verb-yes') : byId('verb-token')).focus();
}

function askForToken(problem) {
  byId('verb-ask').hidden = sessionStorage.getItem(TOKEN) !== null;
  byId('verb-token').required = !byId('verb-ask').hidden;
  say(byId('verb-problem'), problem);
}

async function confirmed(event) {
  event.preventDefault();
  const field = byId('verb-token');
  const token = sessionStorage.getItem(TOKEN) ?? field.value.trim();
  const { word, service, endpoint, then } = asked;
  byId('verb-yes').disabled = true;
  try {
    const answer = await command(`/api/v1/${word}`, { service, endpoint }, token);
    sessionStorage.setItem(TOKEN, token);
    field.value = '';
    byId('verb').close();
    done(answer.text);
    then();
  } catch (failure) {
    if (failure instanceof Refusal && failure.status === 401) {
      sessionStorage.removeItem(TOKEN);
      askForToken('This is not the token of the process that runs now.');
      field.select();
      field.focus();
    } else {
      say(byId('verb-problem'), failure instanceof Refusal ? failure.message : 'There was no answer.');
    }
  } finally {
    byId('verb-yes').disabled = false;
  }
}

function done(text) {
  say(byId('done'), text);
  clearTimeout(hiding);
  hiding = setTimeout(() => say(byId('done'), ''), SHOWN_MILLIS);
}

byId('verb-form').addEventListener('submit', confirmed);
byId('verb-no').addEventListener('click', () => byId('verb').close());
