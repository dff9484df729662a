/** The check that the page's domain is registered; if it fails, the frame is removed. */
import rules from "./rules.json" with { type: "json" };

/** @param {string} origin @param {string} key @returns {Promise<boolean>} */
async function isVerified(origin, key, attempt = 1) {
  const body = JSON.stringify({ referrer_origin: origin, domain_key: key });
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body, signal: AbortSignal.timeout(rules.domain.timeout_ms) };
  const response = await fetch(rules.domain.verify_url, request).catch((error) => {
    throw error.name === "TimeoutError" ? new Error("Domain verification request timed out") : error;
  });
  if (response.status < 500) return response.ok && (await response.json()).verified;
  if (attempt < rules.domain.attempts) return isVerified(origin, key, attempt + 1);
  throw new Error(`Domain verification request failed with ${response.statusText}`);
}

/** Measured: no check for a page on localhost, nor for an API that is not on https.
 * @param {Channel} channel @param {string} origin of the page @param {{url: string, domainKey: string}} api */
export async function verifyDomain(channel, origin, { url, domainKey }) {
  const { allowlist } = rules.domain;
  if (new URL(origin).hostname === "localhost" || new URL(url, origin).protocol !== "https:") {
    const advice = `this check is required in production. To allow your domain, register it at ${allowlist}.`;
    return console.warn(`Domain verification skipped for ${origin} - ${advice}`);
  }
  const refusal = `Domain verification failed for ${origin}. Please register your domain at ${allowlist}.`;
  const verified = await isVerified(origin, domainKey).catch((error) => error);
  if (verified === true) return;
  const error = verified || new Error(refusal);
  channel.error(verified ? "DomainVerificationRequestError" : "IntegrationError", error.message, error);
  channel.unmount();
  if (!verified) throw error;
}
