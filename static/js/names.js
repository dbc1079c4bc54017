/* Find possible names in a text, on this phone. Does what ratings/names/finding.py does, step by step, with the same
   rules.json; a test compares the two on every marked sentence. */
const LETTERS = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u1e00-\\u1eff\\u0300-\\u036f";
const BESIDE = new RegExp(`[${LETTERS}0-9£$€]`);
const SENTENCE_ENDS = /[.!?:;\n•]/, DIGIT = /[0-9]/, OWN = /['’]s$/;
const TIGHT = [" ", "\u00a0"], AFTER_TITLE = [" ", "\u00a0", ".", ". "];
const NO_NAME_ENDS_SO = /(?:s|ing|ion|ment|ship|ity|ness|er|or|nce|al|ly|ed|ff|age|ure|ice|work|time)$/;
const MOST_SURNAMES = 2;

/* Rules as they were fetched → rules as they are used. */
export function prepare({ longest, patterns, folds, ...words }) {
  const lists = {};
  for (const name in words) lists[name] = new Set(words[name].split(" "));
  const made = patterns.map(({ kind, pattern, not, ignore_case: any }) => (
    { kind, find: new RegExp(pattern, any ? "gi" : "g"), none: not && new RegExp(not) }));
  return { longest, patterns: made, folds, lists };
}

/* What in a text may point to a person: [{start, end, kind}], in order. */
export function findNames(whole, rules) {
  const text = whole.slice(0, rules.longest), found = byPattern(text, rules), words = split(text, rules);
  for (let at = 0; at < words.length; at += 1) {
    const [last, kind] = person(words, at, rules);
    if (last < at) continue;
    add(found, { start: words[at].start, end: words[last].end, kind });
    at = last;
  }
  return found.sort((one, other) => one.start - other.start);
}

function add(found, fresh) {
  if (found.every((other) => fresh.end <= other.start || fresh.start >= other.end)) found.push(fresh);
}

function byPattern(text, { patterns }) {
  const found = [];
  for (const { kind, find, none } of patterns) {
    for (const match of text.matchAll(find)) {
      const start = match.index, end = start + match[0].length;
      const beside = text.slice(Math.max(0, start - 1), start) + text.slice(end, end + 1);
      if (!BESIDE.test(beside) && !(none && none.test(match[0]))) add(found, { start, end, kind });
    }
  }
  return found;
}

function fold(word, { folds }) {
  const plain = [...word.toLowerCase()].map((char) => folds[char] || char).join("");
  return plain.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

function split(text, rules) {
  const words = [], quiet = text === text.toUpperCase();
  let end = 0;
  for (const match of text.matchAll(new RegExp(`[${LETTERS}]+(?:['’-][${LETTERS}]+)*`, "g"))) {
    const written = match[0].replace(OWN, ""), start = match.index;
    words.push({
      start,
      end: start + written.length,
      base: fold(written, rules),
      before: words.length ? text.slice(end, start) : ".",
      text: written,
      own: written !== match[0],
      capital: !quiet && written[0] !== written[0].toLowerCase(),
    });
    end = start + match[0].length;
  }
  return words;
}

const opens = (word) => SENTENCE_ENDS.test(word.before);
const shouts = (word) => word.text.length > 1 && word.text === word.text.toUpperCase();
const next = (words, at) => (words[at + 1] && TIGHT.includes(words[at + 1].before) ? words[at + 1].base : "");
const last = (words, at) => (at && TIGHT.includes(words[at].before) ? words[at - 1].base : "");

/* The last word of the person that begins at a word, and the kind; -1 for nobody. */
function person(words, at, rules) {
  const { lists } = rules, word = words[at];
  if (isTitle(words, at, lists)) return [withSurnames(words, at + 1, lists), "name"];
  if (isLetter(words, at, lists)) return [at, "initials"];
  if (word.capital && isPlace(words, at, lists)) return [-1];
  if (isListed(word, lists) || isMeant(words, at, lists) || isUnknown(words, at, lists)) return [withSurnames(words, at, lists), "name"];
  return [-1];
}

function isTitle(words, at, lists) {
  const word = words[at], after = words[at + 1];
  if (!after || !AFTER_TITLE.includes(after.before)) return false;
  const named = lists.surnames.has(after.base) || lists.given.has(after.base);
  const called = after.capital && (!lists.not_names.has(after.base) || after.text.length === 1);
  if (lists.titles.has(word.base)) return named || called;
  return lists.weak_titles.has(word.base) && word.capital && called && !shouts(after);
}

function isLetter(words, at, lists) {
  const word = words[at], before = last(words, at);
  return word.text.length === 1 && word.capital && word.text !== "I" && (lists.people.has(before) || lists.families.has(before));
}

function isPlace(words, at, lists) {
  const beside = lists.place_words.has(next(words, at)) && words[at + 1].capital && !words[at].own;
  return beside || ["st", "saint"].includes(last(words, at));
}

function isListed(word, lists) {
  const parts = word.base.split("-");
  if (lists.given.has(parts[0])) return parts.length === 1 || word.capital;
  return word.capital && !shouts(word) && lists.surnames.has(word.base);
}

function isMeant(words, at, lists) {
  const word = words[at], after = next(words, at), before = last(words, at);
  if (!word.capital || shouts(word) || !lists.ordinary.has(word.base)) return false;
  const surname = lists.surnames.has(after) && words[at + 1].capital;
  if (surname || lists.speech.has(after) || lists.people.has(before)) return true;
  if (lists.rag.has(word.base)) return false;
  if (lists.months.has(word.base)) return !(opens(word) || word.own || lists.before_a_date.has(before) || digitBeside(words, at));
  return !opens(word) || word.own;
}

const digitBeside = (words, at) => DIGIT.test(words[at].before + (words[at + 1] ? words[at + 1].before : ""));

function isUnknown(words, at, lists) {
  const word = words[at], before = last(words, at), after = next(words, at);
  if (!word.capital || word.text.length < 3 || word.text.slice(1) !== word.text.slice(1).toLowerCase()) return false;
  if (["not_names", "ordinary", "people", "place_words", "openers"].some((name) => lists[name].has(word.base))) return false;
  if (opens(word)) return lists.speech.has(after) && !NO_NAME_ENDS_SO.test(word.base);
  if (before === "the" && lists.families.has(after)) return true;
  const inATitle = at > 0 && words[at - 1].capital && before !== "" && !lists.openers.has(before);
  const beforeATitle = after !== "" && words[at + 1].capital && (lists.not_names.has(after) || lists.place_words.has(after));
  return !inATitle && !beforeATitle && !lists.before_a_thing.has(before);
}

function withSurnames(words, at, lists) {
  let end = at;
  while (end - at < MOST_SURNAMES && !words[end].own && continues(words, end, lists)) end += 1;
  return end;
}

function continues(words, at, lists) {
  const after = next(words, at);
  if (!after || lists.not_names.has(after)) return false;
  return lists.surnames.has(after) || (words[at + 1].capital && !shouts(words[at + 1]));
}
