"""The HTML and HTTP shell: pages, refusals, CSRF, security headers, paging, idempotency, sign-in cookie. Knows no feature."""
