"""What Posting runs."""


def setup(posting):
    posting.set_variable("X", "1")


def before(request, posting):
    request.headers.append(None)
