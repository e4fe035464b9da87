import os
SECRET_KEY = os.environ["SECRET_KEY"]
WSGI_APPLICATION = "blog.wsgi.application"
