"""The real peers that tests talk to: servers and judges that nobody here wrote, each started on 127.0.0.1.

`inventory` says what each needs and whether it is there, `scripts/peers` installs it, `plugin` gives the fixtures,
and each further module starts one peer. Nothing here simulates our own code.
"""
