const express = require('express');
const app = express();
const level = process.env.LOG_DETAIL || 'info';
if (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET is missing');
const { CACHE_TTL = '60', FEATURE_FLAGS } = process.env;
app.get('/healthz', (request, response) => response.send('ok'));
app.listen(process.env.PORT || 4000);
