app.listen({ port: 8081 });
