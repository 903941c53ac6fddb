// Loaded after Swagger UI's bundle, which puts SwaggerUIBundle on the window.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
