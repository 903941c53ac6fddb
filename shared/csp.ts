/**
 * The page's Content-Security-Policy, on the desktop and headless alike: scripts and connections to the same origin
 * alone, no eval. Inline styles are allowed because the component library sets them so.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
