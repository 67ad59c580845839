// The process behind this page.

const PATIENCE_MILLIS = 10000;

/** What was answered instead of what was asked for. */
export class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** Nobody answered; the banner of the stream says so to whoever reads the page. */
export class Silence extends Error {
}

async function fetched(path, parameters, options) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') {
      query.set(name, value);
    }
  }
  let answer;
  let text;
  try {
    answer = await fetch(`${path}?${query}`, { ...options, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    text = await answer.text();
  } catch (failure) {
    throw new Silence(failure.message);
  }
  if (!answer.ok) {
    throw new Refusal(answer.status, text.trim());
  }
  return text;
}

/** The JSON at a path. */
export async function ask(path, parameters = {}) {
  return JSON.parse(await fetched(path, parameters, { headers: { Accept: 'application/json' } }));
}

/** The text at a path. */
export async function askText(path, parameters = {}) {
  return fetched(path, parameters, { headers: { Accept: 'text/plain' } });
}

/** Changes something. */
export async function command(path, parameters, token) {
  return JSON.parse(await fetched(path, parameters, { method: 'POST', headers: { Authorization: `Bearer ${token}` } }));
}

/**
 * A task that is never done twice at a time: a call while it runs makes it run once more afterwards.
 */
export function oneAtATime(task) {
  let running = false;
  let again = false;
  return async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await task();
      } while (again);
    } catch (failure) {
      if (failure instanceof Refusal) {
        console.warn(`${failure.status}: ${failure.message}`);
      } else if (!(failure instanceof Silence)) {
        throw failure;
      }
    } finally {
      running = false;
    }
  };
}
