setInterval(() => console.log(new Date().toISOString()), 60_000);
