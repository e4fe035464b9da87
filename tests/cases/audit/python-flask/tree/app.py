import os
from flask import Flask
server = Flask(__name__)
KEY = os.environ["API_TOKEN"]
SIZE = int(os.getenv("PAGE_SIZE", "20"))
@server.route("/health")
def health():
    return "ok"
