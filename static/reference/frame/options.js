// @ts-check
/**
 * The check of the integrator's options: as strict, and with the same words, as the measured component. What is
 * allowed lies in options.json; it follows the published types of `@openai/chatkit`, less `commands`, which the
 * measured build refuses. A schema there is the name of a kind of value or of another schema, a `$rule`, or an object of
 * schemas, whose optional keys end in "?".
 */

/** @typedef {(string | number)[]} Path */
/** @typedef {{path: Path, message: string}} Issue */

const METHOD = "[ChatKitMethod]";
/** @param {unknown} value */
const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** Kinds of values beyond the types of the language: whether it is one, and what is said if not.
 * @type {Record<string, [(value: any) => boolean, (value: any) => string]>} */
const KINDS = {
  method: [(value) => value === METHOD, (value) => `Expected function, received ${String(value)}`],
  "literal method": [(value) => value === METHOD, () => `Invalid input: expected "${METHOD}"`],
  "lucide icon": [(value) => /^lucide:/.test(value), () => "Invalid input"],
};

/** @param {any} schema @param {any} value @param {Path} path @param {any} shared schemas by name @returns {Issue[]} */
function check(schema, value, path, shared) {
  const wrong = (/** @type {string} */ message) => [{ path, message }];
  if (typeof schema === "string" && schema in shared) return check(shared[schema], value, path, shared);
  if (typeof schema === "string") {
    const types = schema.split(" or ");
    const said = `Invalid input: expected ${types[0]}, received ${typeOf(value)}`;
    const [isOne, say] = KINDS[schema] ?? [() => types.includes(typeOf(value)), () => said];
    return isOne(value) ? [] : wrong(say(value));
  }
  const { $anyOf: any, $in: choice, $list: list, $record: record } = schema;
  if (any)
    return any.some((/** @type {any} */ one) => !check(one, value, path, shared).length)
      ? []
      : wrong("Invalid input");
  if (choice)
    return choice.split?.(" ").includes(value) || choice.includes?.(value) ? [] : wrong("Invalid input");
  const mistaken = check(list ? "array" : "object", value, path, shared);
  if (mistaken.length) return mistaken;
  if (list || record) {
    const entries = Object.entries(value);
    return entries.flatMap(([key, one]) =>
      check(list ?? record, one, [...path, list ? Number(key) : key], shared),
    );
  }
  const keys = Object.keys(schema).map((key) => key.replace("?", ""));
  const unknown = Object.keys(value).filter((key) => !keys.includes(key));
  const quoted = unknown.map((key) => `"${key}"`).join(", ");
  return [
    ...(unknown.length ? wrong(`Unrecognized key${unknown.length > 1 ? "s" : ""}: ${quoted}`) : []),
    ...keys
      .filter((key) => key in schema || value[key] !== undefined)
      .flatMap((key) => check(schema[key] ?? schema[`${key}?`], value[key], [...path, key], shared)),
  ];
}

/** @param {Issue} issue */
function line({ path, message }) {
  const place = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return `✖ ${message}${place && `\n  → at ${place.slice(1)}`}`;
}

/**
 * @param {any} options
 * @param {any} schema what options.json holds
 * @returns {string} what is wrong, one line per fault and its place, the shallowest first; empty where nothing is
 */
export function faultsOf(options, schema) {
  const issues = check(schema.options, options, [], schema).sort((a, b) => a.path.length - b.path.length);
  if (!issues.length && options.composer?.attachments?.enabled && !options.api.uploadStrategy) {
    const message = "When attachments are enabled, uploadStrategy must be provided in options.api.";
    issues.push({ path: [], message });
  }
  return issues.map(line).join("\n");
}
